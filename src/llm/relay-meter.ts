import type { RelayEnd, RelayPath, TokenUsage } from './llm.ts'
import { createGuess } from './relay-guess.ts'
import { jsonIn, parse, picturesIn, readSaid, usageAtEnd } from './relay-usage.ts'

/** Reads along with what is passed on, as late and as little as it can. */
export interface Meter {
  push(bytes: Uint8Array): void
  /** What is in the stream so far, for which all of it is read. */
  delivered(): { tokens: number; isWhole: boolean }
  /** About so many tokens are in it so far, for which hardly any of it is read. */
  tokensSoFar(): number
  /** What it comes to. To be called once. */
  end(): RelayEnd
}

/** What all meters together hold of answers that were passed on. */
export interface MeterMemory {
  bytes: number
}

interface MeterOptions {
  path: RelayPath
  /** Answers that were asked for. */
  count: number
  isStream: boolean
  estimate(text: string): number
  memory: MeterMemory
}

const mostHeld = 16 << 20
const worthReading = 16 << 10
const tailBytes = 2048
const noBytes = new Uint8Array()

/**
 * The provider counts, at the end of most answers: then nothing but that end is read, and a little for whoever asks how
 * far it is. Until then the bytes are kept, for answers that are stopped, and for providers that do not count: of those
 * all is read. When too much is kept of all answers together, what has come is read at once instead.
 */
export function createMeter({ path, count, isStream, estimate, memory }: MeterOptions): Meter {
  const utf8 = new TextDecoder()
  const guess = createGuess({ path, estimate })
  let held: Uint8Array[] = []
  let heldBytes = 0
  /** The beginning of a line whose end was not there when the rest was read. */
  let partial = ''
  let usage: TokenUsage | null = null
  /** More of the answer has come after that count. */
  let isOutdated = false
  let isWhole = false
  /** Answers that have come to their end, by their numbers. */
  const finished = new Set<unknown>()
  let tokens = 0
  let pictures: number | null = null

  return {
    push(bytes) {
      held.push(bytes)
      heldBytes += bytes.byteLength
      memory.bytes += bytes.byteLength
      if (memory.bytes > mostHeld && heldBytes > worthReading && isStream) readHeld()
    },
    delivered() {
      readHeld()
      return { tokens, isWhole }
    },
    tokensSoFar: () => (isStream ? tokens + guess.tokensIn(heldBytes, newest) : 0),
    end() {
      if (isStream) readEnd()
      else readWhole()
      forgetHeld()
      const deliveredTokens = Math.ceil(tokens)
      if (usage === null || !isOutdated) return { usage, deliveredTokens, isWhole, pictures }
      const atLeast = Math.max(deliveredTokens, usage.completionTokens)
      return { usage: null, deliveredTokens: atLeast, isWhole, pictures }
    },
  }

  /** All of it where that does not both count and come to its end: some count as they begin. */
  function readEnd(): void {
    const counted = usage
    usage = null
    readTail()
    if (usage !== null && isWhole) isOutdated = false
    else {
      usage = counted
      readHeld()
    }
  }

  /** From its end on, until that says all. */
  function readTail(): void {
    const lines = newest(tailBytes).toString().split('\n')
    for (let at = lines.length - 1; at >= 0 && (usage === null || !isWhole); at--) readLine(lines[at] ?? '')
  }

  /** The last bytes that are held. */
  function newest(length: number): Buffer {
    const pieces: Uint8Array[] = []
    for (let at = held.length - 1, missing = length; at >= 0 && missing > 0; at--) {
      const piece = held[at]?.subarray(-missing) ?? noBytes
      pieces.push(piece)
      missing -= piece.length
    }
    return Buffer.concat(pieces.reverse())
  }

  /** Returns the texts in it. */
  function readLine(line: string): string {
    if (!line.startsWith('data:')) return ''
    if (/^data:\s*\[DONE\]/.test(line)) isWhole = true
    const said = readSaid(path, jsonIn(line))
    usage ??= said.usage
    for (const one of said.finished) finished.add(one)
    isWhole ||= said.isLast || finished.size >= count
    return said.text
  }

  function readHeld(): void {
    const lines = (partial + utf8.decode(Buffer.concat(held), { stream: true })).split('\n')
    partial = lines.pop() ?? ''
    let text = ''
    // The last count is the whole one, where a provider counts as it goes.
    const counted = usage
    usage = null
    let isUncounted = false
    for (const line of lines.reverse()) {
      const said = readLine(line)
      isUncounted ||= usage === null && said !== ''
      text = said + text
    }
    isOutdated = isUncounted || (usage === null && isOutdated)
    usage ??= counted
    tokens += estimate(text)
    forgetHeld()
  }

  function readWhole(): void {
    const text = Buffer.concat(held).toString()
    isWhole = true
    if (path === '/embeddings') usage = usageAtEnd(path, text.slice(-tailBytes))
    else {
      const json = parse(text)
      const said = readSaid(path, json)
      usage = said.usage
      tokens = estimate(said.text)
      if (path === '/images/generations') pictures = picturesIn(json)
    }
  }

  function forgetHeld(): void {
    memory.bytes -= heldBytes
    held = []
    heldBytes = 0
    guess.forget()
  }
}
