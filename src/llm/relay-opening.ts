import type { IdleReader } from './idle-reader.ts'

/** What an answer begins with. */
export interface Opening {
  /** Not handed on yet. */
  bytes: Uint8Array
  /** Where its first word begins in these bytes; null: nothing but comments has come for as long as we wait. */
  wordAt: number | null
  /** What was asked of the reader beyond them. */
  pending: Promise<Uint8Array | null> | null
  filler: Filler
}

/** Comments and blank lines, by which a provider keeps the connection of somebody who waits. */
export interface Filler {
  /** Where in what comes next something else begins; null: nowhere. */
  endIn(bytes: Uint8Array): number | null
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const colon = 0x3a

/**
 * Waits for the first word of an answer, for as long as there are no comments before it; from the first of those on no
 * longer than `patienceMs`, as whoever asked waits for headers. null: it has ended without a word, or the signal came.
 */
export async function readOpening(
  reader: IdleReader,
  { isStream, patienceMs }: { isStream: boolean; patienceMs: number },
): Promise<Opening | null> {
  const filler = createFiller()
  const bytes = await reader.read()
  if (bytes === null) return null
  if (!isStream || !mayBeFiller(bytes[0])) return { bytes, wordAt: 0, pending: null, filler }
  const wordAt = filler.endIn(bytes)
  if (wordAt !== null) return { bytes, wordAt, pending: null, filler }

  const pieces = [bytes]
  let length = bytes.length
  const { promise: isLate, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), patienceMs)
  try {
    for (;;) {
      const pending = reader.read()
      const next = await Promise.race([pending, isLate])
      if (next === null) return null
      if (next === 'late') {
        // It may fail before somebody asks for it.
        pending.catch(() => {})
        return { bytes: Buffer.concat(pieces), wordAt: null, pending, filler }
      }
      const at = filler.endIn(next)
      pieces.push(next)
      if (at !== null) return { bytes: Buffer.concat(pieces), wordAt: length + at, pending: null, filler }
      length += next.length
    }
  } finally {
    clearTimeout(timer)
  }
}

function mayBeFiller(byte: number | undefined): boolean {
  return byte === undefined || byte === colon || byte === lineFeed || byte === carriageReturn
}

function createFiller(): Filler {
  let isInComment = false
  return {
    endIn(bytes) {
      for (const [at, byte] of bytes.entries()) {
        if (byte === lineFeed || byte === carriageReturn) isInComment = false
        else if (byte === colon && !isInComment) isInComment = true
        else if (!isInComment) return at
      }
      return null
    },
  }
}
