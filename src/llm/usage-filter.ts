export interface UsageFilter {
  /** What is left of the bytes; null: nothing. They may be changed for it. */
  pass(bytes: Uint8Array): Uint8Array | null
  /** The line that was taken out, once; null: none was. */
  taken(): Uint8Array | null
  /** What is left when no more bytes come. */
  rest(): Uint8Array | null
}

/**
 * Takes the chunk that tells nothing but the usage out of a stream: it was asked for by us, and who did not ask for it
 * may stumble over a chunk without a choice. It comes after the reason why the model has stopped: until that, bytes are
 * passed on as they are.
 */
export function createUsageFilter(): UsageFilter {
  let isNearEnd = false
  /** The last bytes, where they are the beginning of a line: a word may be cut in two. */
  let ending: Uint8Array | null = null
  /** Near the end: the beginning of a line, held back. */
  let partial: Uint8Array | null = null
  let taken: Uint8Array | null = null
  let isBlankDue = false

  return {
    pass,
    taken() {
      const line = taken
      taken = null
      return line
    },
    rest: () => partial,
  }

  function pass(bytes: Uint8Array): Uint8Array | null {
    if (bytes.length === 0) return null
    if (isNearEnd) return passLines(bytes)
    isNearEnd =
      hasFinished(bytes) || (ending !== null && hasFinished(joined(ending, bytes.subarray(0, longestWord))))
    const isWhole = bytes[bytes.length - 1] === lineFeed
    if (!isNearEnd) {
      ending = isWhole ? null : endingOf(ending, bytes)
      return bytes
    }
    if (ending === null) return passLines(bytes)
    // A line whose beginning has been passed on already. What is left of the lines behind it stays where it is.
    const end = bytes.indexOf(lineFeed) + 1 || bytes.length
    const left = passLines(bytes.subarray(end))
    return bytes.subarray(0, end + (left?.length ?? 0))
  }

  function passLines(bytes: Uint8Array): Uint8Array | null {
    const all = partial === null ? bytes : joined(partial, bytes)
    const end = all.lastIndexOf(lineFeed) + 1
    partial = end === all.length ? null : all.slice(end)
    const left = withoutUsage(withoutBlank(all.subarray(0, end)))
    return left.length === 0 ? null : left
  }

  /** The blank line behind what was taken out may come later. */
  function withoutBlank(lines: Uint8Array): Uint8Array {
    if (!isBlankDue || lines.length === 0) return lines
    isBlankDue = false
    return lines.subarray(blankAt(lines, 0))
  }

  /** In their place: a copy of the last kilobytes of each answer would cost more than all this looking. */
  function withoutUsage(lines: Uint8Array): Uint8Array {
    const found = findUsage(lines)
    if (found === null) return lines
    taken = lines.slice(found.start, found.end)
    const blank = blankAt(lines, found.end)
    isBlankDue = blank === 0
    lines.copyWithin(found.start, found.end + blank)
    return lines.subarray(0, lines.length - taken.length - blank)
  }
}

const longestWord = 32
const lineFeed = 0x0a
const carriageReturn = 0x0d
const finished = ['"finish_reason":"', '"finish_reason": "'].map((words) => Buffer.from(words))
const withoutChoice = ['"choices":[]', '"choices": []'].map((words) => Buffer.from(words))

/** A text in JSON would have its quotation marks escaped. */
function hasFinished(bytes: Uint8Array): boolean {
  const text = bufferOf(bytes)
  return finished.some((words) => text.includes(words))
}

/** Where the line is; null: it is not among these. It would be among the last. */
function findUsage(lines: Uint8Array): { start: number; end: number } | null {
  const text = bufferOf(lines)
  for (const words of withoutChoice) {
    for (let at = text.lastIndexOf(words); at !== -1; at = at === 0 ? -1 : text.lastIndexOf(words, at - 1)) {
      const start = lines.lastIndexOf(lineFeed, at) + 1
      const end = lines.indexOf(lineFeed, at) + 1
      if (isUsageAlone(text.toString('utf8', start, end))) return { start, end }
    }
  }
  return null
}

/** How long the line is that begins there, if it is a blank one; 0: it is not, or not there yet. */
function blankAt(lines: Uint8Array, at: number): number {
  if (lines[at] === lineFeed) return 1
  return lines[at] === carriageReturn && lines[at + 1] === lineFeed ? 2 : 0
}

function isUsageAlone(line: string): boolean {
  try {
    const chunk = JSON.parse(line.slice(line.indexOf('{'))) as { choices?: unknown; usage?: unknown }
    return Array.isArray(chunk.choices) && chunk.choices.length === 0 && chunk.usage != null
  } catch {
    return false
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

function endingOf(before: Uint8Array | null, bytes: Uint8Array): Uint8Array {
  const all = before === null || bytes.length >= longestWord ? bytes : joined(before, bytes)
  return all.slice(-longestWord)
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
