import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import type { Gate } from '../../lib/gate.ts'
import { isId } from '../../lib/ids.ts'
import { type JsonPart, parse } from '../../lib/json-items.ts'
import { checkModel } from '../conversations/check-model.ts'
import { tellOfChange, tellOfTags } from '../conversations/user-events.ts'
import { formatVersion } from './as-json.ts'
import type { DraftConversation, ReadConversation } from './draft.ts'
import { fitTexts } from './fit-texts.ts'
import { fromChatgpt } from './from-chatgpt.ts'
import { fromClaude } from './from-claude.ts'
import { fromCloudchat } from './from-cloudchat.ts'
import { hashOf } from './hash-of.ts'
import {
  type ArchiveFormat,
  addProblems,
  createReport,
  type ImportReport,
  meet,
  type Problems,
} from './import-report.ts'
import { findImported } from './import-store.ts'
import { readArchive } from './read-archive.ts'
import { storeImport } from './store-import.ts'
import { recordOf, titleOf } from './values.ts'

export interface ImportWish {
  /** Nothing is written; the report says what would be. */
  isDryRun: boolean
  /** What was imported before and has changed since comes as one more. */
  copiesChanged: boolean
}

export interface ImportPlan {
  wish: ImportWish
  /** The file. */
  chunks: AsyncIterable<Uint8Array>
  /** By the bytes of what is read at once: of all imports of this process together. */
  gate: Gate
  /** Called after each conversation with what has come of it so far. */
  onProgress?: (report: ImportReport) => void
  /** Ends it between two conversations. */
  signal: AbortSignal
}

/** Texts that fill more pages than anybody reads, and what of them fits into memory. */
const maxConversationBytes = 16 * 1024 * 1024
const maxMessages = 20_000
const maxConversations = 100_000
/** Text comes out of an archive at about a fifth of its size. */
const unpackedRatio = 5
/** The others are served in between. */
const turnMs = 15

type ImportDeps = Pick<Deps, 'config' | 'db' | 'kv' | 'llm' | 'now'>

/**
 * Takes in the conversations of an archive while it arrives, one after the other, each all or not at all. Throws
 * `invalid_request` for a file that is none of those we know or that is damaged; what came before the fault stays, and
 * the error says how many.
 */
export async function importLibrary(
  deps: ImportDeps,
  userId: number,
  { wish, chunks, gate, onProgress, signal }: ImportPlan,
): Promise<ImportReport> {
  const report = createReport(wish.isDryRun)
  const work = createWork(deps, userId, wish, report)
  const limits = { maxConversationBytes, maxUnpackedBytes: deps.config.imports.maxBytes * unpackedRatio }
  let turnBegan = performance.now()
  try {
    for await (const part of readArchive(chunks, limits)) {
      if (signal.aborted) throw new AppError('interrupted', 'The import was broken off')
      if (part.kind === 'text') work.beginText()
      else if (part.kind === 'field') work.takeField(part.name, part.value)
      else {
        const bytes = part.kind === 'item' ? part.text.length : 0
        await gate.run(bytes, () => work.takeItem(part))
        onProgress?.(report)
      }
      if (performance.now() - turnBegan < turnMs) continue
      await nextTurn()
      turnBegan = performance.now()
    }
    work.checkEnd()
    return report
  } catch (error) {
    throw withCount(error, report)
  } finally {
    work.tell()
  }
}

function createWork(deps: ImportDeps, userId: number, wish: ImportWish, report: ImportReport) {
  const now = deps.now()
  const fields = new Map<string, unknown>()
  /** Of a dry run: nothing else remembers them. */
  const seen = new Set<string>()
  let index = -1
  let lastId: string | null = null
  let hasTags = false

  return { beginText, takeField, takeItem, checkEnd, tell }

  function beginText(): void {
    fields.clear()
  }

  function takeField(name: string, value: unknown): void {
    fields.set(name, value)
  }

  async function takeItem(part: Exclude<JsonPart, { kind: 'field' }>): Promise<void> {
    if (++index >= maxConversations) {
      throw new AppError('invalid_request', `A file may hold ${maxConversations} conversations at most`)
    }
    if (part.kind === 'left_out') return skip(null, new Map([[part.reason, 1]]))
    const value = parse(part.text, part.at)
    const read = readerFor(value)
    const problems: Problems = new Map()
    const draft = read?.(value, { now, problems }) ?? null
    if (draft === null) return skip(titleOf(recordOf(value)?.title), new Map([['not_a_conversation', 1]]))
    if (draft.messages.length > maxMessages || !fitTexts(draft, deps.config, problems)) {
      return skip(draft.title, new Map([['too_large', 1]]))
    }
    if (draft.messages.length === 0 && report.format !== 'cloudchat') {
      return skip(draft.title, new Map([...problems, ['no_messages', 1]]))
    }
    await take(draft, problems)
  }

  function skip(title: string | null, problems: Problems): void {
    report.conversations.skipped++
    addProblems(report, { index, title }, problems)
  }

  async function take(draft: DraftConversation, problems: Problems): Promise<void> {
    const format = report.format ?? 'cloudchat'
    const hash = hashOf(draft)
    const source = { userId, format, sourceId: draft.sourceId ?? hash, hash }
    const ownId =
      format === 'cloudchat' && draft.sourceId !== null && isId(draft.sourceId) ? draft.sourceId : null
    const known = await findImported(deps.db, source, ownId)
    const isChanged = known !== null && known !== '' && known !== hash
    if (isChanged && !wish.copiesChanged) {
      report.conversations.changed++
      return addProblems(report, { index, title: draft.title }, new Map([['changed', 1]]))
    }
    if (known !== null && !isChanged) return void report.conversations.duplicates++
    checkModelOf(draft, problems)
    if (!(await store(source, draft, { isReplacing: isChanged, problems }))) {
      return void report.conversations.duplicates++
    }
    report.conversations.imported++
    report.messages.imported += draft.messages.length
    report.messages.skipped += draft.skippedMessages
    addProblems(report, { index, title: draft.title }, problems)
  }

  async function store(...[source, draft, options]: StoreWords): Promise<boolean> {
    if (wish.isDryRun) {
      if (seen.has(source.sourceId)) return false
      seen.add(source.sourceId)
      return true
    }
    const id = await storeImport(deps, source, draft, options)
    if (id === null) return false
    lastId = id
    hasTags ||= draft.tags.length > 0
    return true
  }

  /** What this service does not have is not asked for later. */
  function checkModelOf(draft: DraftConversation, problems: Problems): void {
    try {
      draft.model = checkModel(deps, draft.model, draft.parameters)
    } catch (error) {
      if (findAppError(error) === null) throw error
      draft.model = null
      draft.parameters = {}
      meet(problems, 'model')
    }
  }

  function readerFor(value: unknown): ReadConversation | null {
    const format = fields.size > 0 ? formatOf(fields) : formatOfItem(value)
    if (report.format === null && format === null) {
      throw new AppError(
        'invalid_request',
        'Expected conversations as CloudChat, ChatGPT (with "mapping") or Claude (with "chat_messages") export them',
      )
    }
    report.format ??= format
    return format === report.format && format !== null ? readers[format] : null
  }

  /** An object in which there was no list of conversations. */
  function checkEnd(): void {
    if (index > -1 || fields.size === 0) return
    report.format = formatOf(fields)
    if (!fields.has('conversations')) return
    throw new AppError('invalid_request', 'Expected a list under "conversations"')
  }

  /** Once for all: the other windows read their lists anew. */
  function tell(): void {
    if (lastId !== null) tellOfChange(deps, userId, lastId)
    if (hasTags) tellOfTags(deps, userId)
  }
}

type StoreWords = Parameters<typeof storeImport> extends [unknown, ...infer Words] ? Words : never

const readers: Record<ArchiveFormat, ReadConversation> = {
  cloudchat: fromCloudchat,
  chatgpt: fromChatgpt,
  claude: fromClaude,
}

/** Throws `invalid_request` for what is not ours, or of a later version. */
function formatOf(fields: Map<string, unknown>): ArchiveFormat {
  if (fields.get('format') !== 'cloudchat') {
    throw new AppError(
      'invalid_request',
      'Expected a list of conversations, or an object with "format": "cloudchat" and "version" before "conversations"',
    )
  }
  const version = fields.get('version')
  if (version === formatVersion) return 'cloudchat'
  throw new AppError(
    'invalid_request',
    `Expected version ${formatVersion} of the format: a later CloudChat may read this file`,
  )
}

function formatOfItem(value: unknown): ArchiveFormat | null {
  const fields = recordOf(value)
  if (fields === null) return null
  if ('mapping' in fields) return 'chatgpt'
  return 'chat_messages' in fields ? 'claude' : null
}

function withCount(error: unknown, report: ImportReport): unknown {
  const known = findAppError(error)
  if (known === null || known.code === 'interrupted') return error
  const { imported } = report.conversations
  const count = report.isDryRun ? '' : `; ${imported} conversations had been imported before that`
  return new AppError(known.code, `${known.message}${count}`, {
    ...(known.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: known.retryAfterSeconds }),
    extra: { conversations_imported: String(report.isDryRun ? 0 : imported) },
    cause: error,
  })
}
