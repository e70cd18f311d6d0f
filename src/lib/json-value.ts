/** A value of JSON that is passed over to its end. */
export interface JsonValue {
  /** Begins with the value's first byte. False: none begins so. */
  begin(first: number, limits: { maxBytes: number; maxDepth: number }): boolean
  /** Where it ends in this chunk, first byte included; null: in a later one. */
  pass(chunk: Uint8Array, from: number): number | null
  /** As it stands in the text. */
  take(): Passed
}

export type Passed =
  | { text: Uint8Array; leftOut: null }
  /** Nothing of it was kept. */
  | { text: null; leftOut: 'too_large' | 'too_deep' }

/** Only brackets and strings are looked at: whether it is JSON, whoever reads it finds out. */
export function createJsonValue(): JsonValue {
  let maxBytes = 0
  let maxDepth = 0
  let kept = nothing
  let bytes = 0
  let leftOut: Passed['leftOut'] = null
  let depth = 0
  let isWord = false
  let isInString = false
  let isEscaped = false

  return { begin, pass, take }

  function begin(first: number, limits: { maxBytes: number; maxDepth: number }): boolean {
    maxBytes = limits.maxBytes
    maxDepth = limits.maxDepth
    kept = nothing
    bytes = 0
    leftOut = null
    depth = 0
    isInString = false
    isEscaped = false
    isWord = isOfWord(first)
    return isWord || first === quote || first === openList || first === openObject
  }

  function pass(chunk: Uint8Array, from: number): number | null {
    const end = isWord ? endOfWord(chunk, from) : endOfRest(chunk, from)
    keep(chunk.subarray(from, end ?? chunk.length))
    return end
  }

  function endOfWord(chunk: Uint8Array, from: number): number | null {
    let at = from
    while (at < chunk.length && isOfWord(chunk[at] ?? 0)) at++
    return at < chunk.length ? at : null
  }

  function endOfRest(chunk: Uint8Array, from: number): number | null {
    for (let at = from; at < chunk.length; at++) {
      if (isInString) {
        at = endOfString(chunk, at)
        if (at < chunk.length && depth === 0) return at + 1
        continue
      }
      switch (chunk[at]) {
        case quote:
          isInString = true
          break
        case openList:
        case openObject:
          if (++depth > maxDepth) leftOut ??= 'too_deep'
          break
        case closeList:
        case closeObject:
          if (--depth === 0) return at + 1
      }
    }
    return null
  }

  /** Where its closing quotation mark is; the length of the chunk if not in it. */
  function endOfString(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (isEscaped) isEscaped = false
      else if (chunk[at] === backslash) isEscaped = true
      else if (chunk[at] === quote) {
        isInString = false
        return at
      }
    }
    return chunk.length
  }

  /** Copied: many small chunks must not stay in memory one by one. */
  function keep(piece: Uint8Array): void {
    const longer = bytes + piece.length
    if (longer > maxBytes) leftOut ??= 'too_large'
    if (leftOut !== null) {
      kept = nothing
      return
    }
    if (longer > kept.length) {
      const room = Buffer.allocUnsafe(Math.max(longer, kept.length * 2))
      room.set(kept.subarray(0, bytes))
      kept = room
    }
    kept.set(piece, bytes)
    bytes = longer
  }

  function take(): Passed {
    if (leftOut !== null) return { text: null, leftOut }
    const text = kept.subarray(0, bytes)
    kept = nothing
    return { text, leftOut }
  }
}

const nothing = Buffer.alloc(0)

export const quote = 0x22
const backslash = 0x5c
export const openList = 0x5b
export const closeList = 0x5d
export const openObject = 0x7b
export const closeObject = 0x7d

/** Of a number, true, false or null. */
function isOfWord(byte: number): boolean {
  if ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39)) return true
  // + - . E
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45
}
