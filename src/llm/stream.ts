import { readChunk } from './chunk.ts'
import type { Fault } from './fault.ts'
import { type Frame, frameOf, readFramed } from './frame.ts'
import type { LlmEvent, TokenUsage } from './llm.ts'

/** Turns the bytes of one answer into events, however the network cut them. */
export interface Decoder {
  /** The events that are complete with these bytes, in order. Events that precede a failure are returned. */
  push(bytes: Uint8Array): LlmEvent[]
  /**
   * Says that no bytes will follow, or that none are wanted. Returns the rest, which ends with one `finish` (unless
   * the stream failed) and the `usage` (if the provider told it). To be called once.
   */
  end(): LlmEvent[]
  /** The model has said why it stopped. What may still follow is usage and `[DONE]`. */
  readonly finished: boolean
  /** `[DONE]` was read: nothing that follows counts. */
  readonly done: boolean
  /** Why this stream is of no use any more. */
  readonly failure: Fault | null
}

/** Longer lines, and longer events of several lines, are refused: they would be held in memory whole. */
const maxEventLength = 1 << 20

/** Some servers change more than the text from line to line: then frames are no longer looked for. */
const framesInVain = 3

/**
 * A decoder of OpenAI-compatible server-sent events, and of the JSON body that some servers answer instead.
 * Lenient where servers are known to be careless (no blank line between events, no space after `data:`, no
 * blank line at the end), strict about what an answer needs: a finish reason or `[DONE]`.
 */
export function createDecoder(): Decoder {
  const utf8 = new TextDecoder()
  let kind: BodyKind = 'unknown'
  /** The beginning of a line whose end has not come. */
  let partial: string[] = []
  let partialLength = 0
  /** Lines of an event that is not complete JSON yet. */
  let data: string | null = null
  let skipLineFeed = false
  /** Of the last line that was read whole and had one text. */
  let frame: Frame | null = null
  let framesLeft = framesInVain
  let events: LlmEvent[] = []
  let usage: TokenUsage | null = null
  /** More of the answer has come after that count: some count as they begin. */
  let isOutdated = false
  let finishReason: string | null = null
  let done = false
  let failure: Fault | null = null

  return {
    push(bytes) {
      events = []
      if (!done && !failure) readText(utf8.decode(bytes, { stream: true }))
      return events
    },
    end() {
      events = []
      if (!done && !failure) {
        readText(utf8.decode())
        readRest()
      }
      conclude()
      return events
    },
    get finished() {
      return finishReason !== null
    },
    get done() {
      return done
    },
    get failure() {
      return failure
    },
  }

  function readText(text: string): void {
    const begun = kind === 'unknown' ? text.trimStart() : text
    if (kind === 'unknown') kind = kindOf(begun)
    if (kind === 'html') fail('HTML instead of a stream', begun)
    if (kind === 'json') keep(begun)
    if (kind === 'events') readLines(begun)
  }

  function readLines(raw: string): void {
    const text = lineFeedsOnly(raw)
    let start = readSimilar(text, 0)
    for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
      if (partialLength > 0) readLine(takePartial() + text.slice(0, end))
      else if (end > start) readLine(text.slice(start, end))
      else endEvent()
      if (done || failure) return
      start = readSimilar(text, end + 1)
    }
    if (start < text.length) keep(start === 0 ? text : text.slice(start))
  }

  /** Reads the lines that are like the one before. Returns where the first begins that is not. */
  function readSimilar(text: string, start: number): number {
    if (frame === null || partialLength > 0 || data !== null) return start
    const next = readFramed(frame, text, { start, maxLength: maxEventLength }, events)
    if (next > start) {
      framesLeft = framesInVain
      isOutdated = true
    }
    return next
  }

  /** CR LF and a lone CR end a line too; the LF of a CR LF may come with the next bytes. */
  function lineFeedsOnly(raw: string): string {
    const text = skipLineFeed && raw[0] === '\n' ? raw.slice(1) : raw
    if (raw !== '') skipLineFeed = raw.endsWith('\r')
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  }

  /** Pieces are joined only once, or a line that drips in byte by byte would cost its length squared. */
  function keep(text: string): void {
    partialLength += text.length
    if (partialLength > maxEventLength) tooLong()
    else partial.push(text)
  }

  function takePartial(): string {
    const text = partial.length === 1 ? (partial[0] ?? '') : partial.join('')
    partial = []
    partialLength = 0
    return text
  }

  function readLine(line: string): void {
    if (line.length > maxEventLength) {
      tooLong()
      return
    }
    if (!line.startsWith('data')) return
    if (line.length > 4 && line[4] !== ':') return
    const value = line.slice(line[5] === ' ' ? 6 : 5)
    // A whole JSON text cannot be the beginning of a longer one, so there is no need to wait for the blank line.
    if (data === null) {
      const known = events.length
      if (!readData(value)) data = value
      else if (events.length === known + 1) findFrame(line, events[known])
      return
    }
    data += `\n${value}`
    if (data.length > maxEventLength) tooLong()
  }

  function findFrame(line: string, event: LlmEvent | undefined): void {
    if (framesLeft === 0 || event === undefined || !('text' in event)) return
    const found = frameOf(line, event)
    if (found === null) return
    frame = found
    framesLeft--
  }

  function endEvent(): void {
    if (data === null) return
    const text = data
    data = null
    if (!readData(text)) fail('an event that is not JSON', text)
  }

  /** False when the text is not JSON (yet). */
  function readData(text: string): boolean {
    if (text[0] !== '{') {
      const word = text.trim()
      if (word === '[DONE]') done = true
      if (word === '' || word === 'null' || done) return true
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return false
    }
    const known = events.length
    const said = readChunk(value, events)
    if (said.fault) giveUp(said.fault)
    if (said.usage) usage = said.usage
    isOutdated = said.usage === null && (isOutdated || events.length > known)
    finishReason ??= said.finish
    return true
  }

  function readRest(): void {
    const rest = takePartial()
    if (kind === 'json') {
      if (!readData(rest)) fail('a body that is not JSON', rest)
    } else {
      if (rest !== '') readLine(rest)
      endEvent()
    }
    if (finishReason === null && !done && !failure) {
      fail('the stream ended without a finish reason or [DONE]')
    }
  }

  function conclude(): void {
    if (!failure) events.push({ type: 'finish', reason: finishReason ?? 'stop' })
    if (usage && !isOutdated) events.push({ type: 'usage', usage })
  }

  function tooLong(): void {
    fail(`more than ${maxEventLength} characters in one event`)
  }

  function fail(reason: string, text = ''): void {
    giveUp({ code: 'provider_unavailable', status: null, reason, excerpt: text.slice(0, 400) })
  }

  /** An answer that has its finish reason is whole: what goes wrong after it is not missed. */
  function giveUp(fault: Fault): void {
    if (finishReason === null) failure = fault
    else done = true
  }
}

type BodyKind = 'unknown' | 'events' | 'json' | 'html'

/** By its first character: content types cannot be trusted, and no line of an event stream begins like these. */
function kindOf(text: string): BodyKind {
  if (text === '') return 'unknown'
  if (text[0] === '<') return 'html'
  return text[0] === '{' ? 'json' : 'events'
}
