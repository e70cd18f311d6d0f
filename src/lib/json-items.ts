import {
  closeList,
  closeObject,
  createJsonValue,
  openList,
  openObject,
  type Passed,
  quote,
} from './json-value.ts'

/** What a JSON text holds at its top, one after the other. */
export type JsonPart =
  /** A field beside the list; undefined: more than anybody needs. */
  | { kind: 'field'; name: string; value: unknown }
  /** One of the list, as it stands in the text; `at`: where it begins. */
  | { kind: 'item'; at: number; text: Uint8Array }
  | { kind: 'left_out'; at: number; reason: 'too_large' | 'too_deep' }

export interface JsonItemsOptions {
  /** The list is the whole text, or what stands under this name in the object that the text is. */
  listName: string
  maxItemBytes: number
  maxDepth: number
}

export interface JsonItems {
  /** What ends in this chunk. Throws JsonFault, for a fault behind some of it at the next call. */
  push(chunk: Uint8Array): JsonPart[]
  /** Throws JsonFault for a text that is not at its end. */
  end(): void
}

/** The text is not JSON, or breaks off. The message says where. */
export class JsonFault extends Error {}

/** Beside the list there are only names and dates. */
const maxFieldBytes = 64 * 1024

/**
 * Takes a JSON text of any length apart into the items of its list, without reading them: of each only the end is looked
 * for, so memory is bounded by one item, and one that is too large or nested too deeply costs none.
 */
export function createJsonItems({ listName, maxItemBytes, maxDepth }: JsonItemsOptions): JsonItems {
  const value = createJsonValue()
  let step = top
  /** Of the chunk. */
  let offset = 0
  let parts: JsonPart[] = []
  /** The list is a field of an object. */
  let isInObject = false
  let isInList = false
  let fieldName = ''
  let begunAt = 0
  let found: JsonFault | null = null

  return { push, end }

  function push(chunk: Uint8Array): JsonPart[] {
    if (found !== null) throw found
    parts = []
    try {
      for (let at = 0; at < chunk.length; ) at = step(chunk, at)
    } catch (error) {
      // What ended before the fault comes first.
      if (parts.length === 0 || !(error instanceof JsonFault)) throw error
      found = error
    }
    offset += chunk.length
    return parts
  }

  function end(): void {
    if (found !== null) throw found
    if (step !== nothingMore) throw new JsonFault(`The JSON breaks off at byte ${offset}`)
  }

  function top(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0
    // Windows writes a byte order mark.
    if (isBlank(byte) || (offset + at < 3 && byte === byteOrderMark[offset + at])) return at + 1
    if (byte === openList) beginList()
    else if (byte === openObject) {
      isInObject = true
      step = nameOrEnd
    } else throw fault(at, 'an object or a list')
    return at + 1
  }

  function beginList(): void {
    isInList = true
    step = itemOrEnd
  }

  function itemOrEnd(chunk: Uint8Array, at: number): number {
    return chunk[at] === closeList ? endList(at) : item(chunk, at)
  }

  function item(chunk: Uint8Array, at: number): number {
    if (isBlank(chunk[at] ?? 0)) return at + 1
    return begin(chunk, at, maxItemBytes, ({ text, leftOut }) => {
      const place = { at: begunAt }
      parts.push(
        leftOut === null ? { kind: 'item', ...place, text } : { kind: 'left_out', ...place, reason: leftOut },
      )
      step = commaOrEnd
    })
  }

  function commaOrEnd(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0
    if (isBlank(byte)) return at + 1
    if (byte === comma) step = isInList ? item : name
    else if (isInList && byte === closeList) return endList(at)
    else if (!isInList && byte === closeObject) step = nothingMore
    else throw fault(at, isInList ? '"," or "]"' : '"," or "}"')
    return at + 1
  }

  function endList(at: number): number {
    isInList = false
    step = isInObject ? commaOrEnd : nothingMore
    return at + 1
  }

  function nameOrEnd(chunk: Uint8Array, at: number): number {
    if (chunk[at] !== closeObject) return name(chunk, at)
    step = nothingMore
    return at + 1
  }

  function name(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0
    if (isBlank(byte)) return at + 1
    if (byte !== quote) throw fault(at, 'the name of a field')
    return begin(chunk, at, maxFieldBytes, ({ text }) => {
      fieldName = text === null ? '' : String(parse(text, begunAt))
      step = colon
    })
  }

  function colon(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0
    if (isBlank(byte)) return at + 1
    if (byte !== colonSign) throw fault(at, '":"')
    step = field
    return at + 1
  }

  function field(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0
    if (isBlank(byte)) return at + 1
    if (fieldName === listName && byte === openList) {
      beginList()
      return at + 1
    }
    return begin(chunk, at, maxFieldBytes, ({ text }) => {
      const known = text === null ? undefined : parse(text, begunAt)
      parts.push({ kind: 'field', name: fieldName, value: known })
      step = commaOrEnd
    })
  }

  function nothingMore(chunk: Uint8Array, at: number): number {
    if (!isBlank(chunk[at] ?? 0)) throw fault(at, 'nothing more')
    return at + 1
  }

  /** From here to its end a value is passed over; then `done` gets it. */
  function begin(chunk: Uint8Array, at: number, maxBytes: number, done: (passed: Passed) => void): number {
    begunAt = offset + at
    if (!value.begin(chunk[at] ?? 0, { maxBytes, maxDepth })) throw fault(at, 'a value')
    step = (next, from) => {
      const valueEnd = value.pass(next, from)
      if (valueEnd !== null) done(value.take())
      return valueEnd ?? next.length
    }
    return at
  }

  function fault(at: number, expected: string): JsonFault {
    return new JsonFault(`Not JSON at byte ${offset + at}: expected ${expected}`)
  }
}

/** A value of JSON. Throws JsonFault; `at`: where it begins. */
export function parse(text: Uint8Array, at: number): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch {
    throw new JsonFault(`Not JSON in UTF-8 between bytes ${at} and ${at + text.length}`)
  }
}

const comma = 0x2c
const colonSign = 0x3a
const byteOrderMark = [0xef, 0xbb, 0xbf]

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
