import { AppError } from '../../errors.ts'
import { createJsonItems, JsonFault, type JsonPart } from '../../lib/json-items.ts'
import { readZip, ZipFault } from '../../lib/read-zip.ts'

/** `text`: a JSON text begins, of which the parts that follow are. */
export type ArchivePart = JsonPart | { kind: 'text' }

export interface ArchiveLimits {
  maxConversationBytes: number
  /** Of all that a ZIP archive holds. */
  maxUnpackedBytes: number
}

/** Deeper than any conversation of anybody. */
const maxDepth = 64
/** Exports hold their pictures as files. */
const maxFiles = 20_000

/**
 * The conversations in a file as it arrives: JSON, or a ZIP archive with `conversations.json` in it; which of the two, its
 * first bytes tell. Throws `invalid_request` for anything else, and where it is damaged or breaks off.
 */
export async function* readArchive(
  chunks: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchivePart> {
  try {
    const { first, all } = await peek(chunks)
    if (startsWith(first, zipSignature)) yield* readZipped(all, limits)
    else if (looksLikeJson(first)) yield* readJson(all, limits)
    else throw notAnArchive(first)
  } catch (error) {
    if (error instanceof JsonFault || error instanceof ZipFault) {
      throw new AppError('invalid_request', error.message, { cause: error })
    }
    throw error
  }
}

const zipSignature = Buffer.from('PK\x03\x04', 'latin1')
const emptyZipSignature = Buffer.from('PK\x05\x06', 'latin1')
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

function startsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning)
}

/** Also what is blank in front. */
function looksLikeJson(bytes: Buffer): boolean {
  return startsWith(bytes, byteOrderMark) || /^\s*([[{]|$)/.test(bytes.toString('latin1'))
}

function notAnArchive(bytes: Buffer): AppError {
  if (startsWith(bytes, emptyZipSignature)) return new AppError('invalid_request', 'The archive is empty')
  const hint = bytes.toString('latin1').startsWith('--') ? ' itself, not a form with the file in it' : ''
  return new AppError('invalid_request', `Expected a JSON file or a ZIP archive${hint}`)
}

/** Its first four bytes, or what there is, and the whole. */
async function peek(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]()
  let first = Buffer.alloc(0)
  while (first.length < 4) {
    const { done, value } = await source.next()
    if (done) break
    first = Buffer.concat([first, value])
  }
  if (first.length === 0) throw new AppError('invalid_request', 'The body is empty: send the file itself')
  return { first: first.subarray(0, 4), all: chain(first, source) }
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function* readZipped(
  chunks: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchivePart> {
  let texts = 0
  const zipLimits = { maxEntries: maxFiles, maxBytes: limits.maxUnpackedBytes }
  for await (const { name, content } of readZip(chunks, zipLimits)) {
    if (!isConversations(name)) continue
    texts++
    yield* readJson(content, limits)
  }
  if (texts === 0) {
    throw new AppError('invalid_request', 'Expected a file conversations.json in the archive')
  }
}

/** Large exports come in numbered pieces; a Macintosh adds files of its own. */
function isConversations(name: string): boolean {
  return /(^|\/)conversations([-_]\d+)?\.json$/i.test(name) && !name.startsWith('__MACOSX/')
}

async function* readJson(
  chunks: AsyncIterable<Uint8Array>,
  { maxConversationBytes }: ArchiveLimits,
): AsyncGenerator<ArchivePart> {
  const items = createJsonItems({ listName: 'conversations', maxItemBytes: maxConversationBytes, maxDepth })
  yield { kind: 'text' }
  for await (const chunk of chunks) yield* items.push(chunk)
  items.end()
}
