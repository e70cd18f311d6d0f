export interface UsageFilter {
  /** What is left of the bytes, as far as they are whole lines; null: nothing. */
  pass(bytes: Uint8Array): Uint8Array | null
  /** What is left when no more bytes come. */
  rest(): Uint8Array | null
}

/**
 * Takes the chunk that tells nothing but the usage out of a stream: it was asked for by us, and who did not ask for it
 * may stumble over a chunk without a choice. What it is given is nearly always whole lines, which it only looks through.
 */
export function createUsageFilter(): UsageFilter {
  /** The beginning of a line. */
  let partial: Uint8Array | null = null
  /** The line that was taken out has a blank one behind it. */
  let isAfterIt = false

  return { pass, rest: () => partial }

  function pass(bytes: Uint8Array): Uint8Array | null {
    const all = partial === null ? bytes : Buffer.concat([partial, bytes])
    const end = all.lastIndexOf(lineFeed) + 1
    partial = end === all.length ? null : all.slice(end)
    const lines = end === all.length ? all : all.subarray(0, end)
    if (!isAfterIt && !mayHoldIt(lines)) return lines.length === 0 ? null : lines
    const left = withoutIt(lines)
    return left.length === 0 ? null : left
  }

  function withoutIt(lines: Uint8Array): Uint8Array {
    const kept: Uint8Array[] = []
    for (let start = 0, end = 0; start < lines.length; start = end) {
      end = lines.indexOf(lineFeed, start) + 1
      const line = lines.subarray(start, end)
      const isBlank = line.length <= 2
      if (!(isAfterIt && isBlank)) isAfterIt = isUsageAlone(line)
      else {
        isAfterIt = false
        continue
      }
      if (!isAfterIt) kept.push(line)
    }
    return Buffer.concat(kept)
  }
}

const lineFeed = 0x0a
const withoutChoice = [Buffer.from('"choices":[]'), Buffer.from('"choices": []')]

/** A text in it would have its quotation marks escaped. */
function mayHoldIt(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return withoutChoice.some((words) => buffer.includes(words))
}

function isUsageAlone(line: Uint8Array): boolean {
  if (!mayHoldIt(line)) return false
  try {
    const text = Buffer.from(line).toString()
    const { choices, usage } = JSON.parse(text.slice(text.indexOf('{'))) as {
      choices: unknown
      usage: unknown
    }
    return Array.isArray(choices) && choices.length === 0 && usage != null
  } catch {
    return false
  }
}
