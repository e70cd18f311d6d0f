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
  readonly state: {
    /** Why the model stopped, once it has said so: what may still follow is usage and `[DONE]`. */
    readonly finishReason: string | null
    /** `[DONE]` was read: nothing that follows counts. */
    readonly done: boolean
    /** Why this stream is of no use any more. */
    readonly failure: Fault | null
  }
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
  const state: State = {
    kind: 'unknown',
    partial: [],
    partialLength: 0,
    data: null,
    skipLineFeed: false,
    frame: null,
    framesLeft: framesInVain,
    events: [],
    usage: null,
    isOutdated: false,
    finishReason: null,
    done: false,
    failure: null,
  }
  return {
    state,
    push(bytes) {
      state.events = []
      if (!state.done && !state.failure) readText(state, utf8.decode(bytes, { stream: true }))
      return state.events
    },
    end() {
      state.events = []
      if (!state.done && !state.failure) {
        readText(state, utf8.decode())
        readRest(state)
      }
      conclude(state)
      return state.events
    },
  }
}

/** Functions of their own take it, and none is made for each answer: of those there may be thousands. */
interface State {
  kind: BodyKind
  /** The beginning of a line whose end has not come. */
  partial: string[]
  partialLength: number
  /** Lines of an event that is not complete JSON yet. */
  data: string | null
  skipLineFeed: boolean
  /** Of the last line that was read whole and had one text. */
  frame: Frame | null
  framesLeft: number
  events: LlmEvent[]
  usage: TokenUsage | null
  /** More of the answer has come after that count: some count as they begin. */
  isOutdated: boolean
  finishReason: string | null
  done: boolean
  failure: Fault | null
}

function readText(state: State, text: string): void {
  const begun = state.kind === 'unknown' ? text.trimStart() : text
  if (state.kind === 'unknown') state.kind = kindOf(begun)
  if (state.kind === 'html') fail(state, 'HTML instead of a stream', begun)
  if (state.kind === 'json') keep(state, begun)
  if (state.kind === 'events') readLines(state, begun)
}

function readLines(state: State, raw: string): void {
  const text = lineFeedsOnly(state, raw)
  let start = readSimilar(state, text, 0)
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
    if (state.partialLength > 0) readLine(state, takePartial(state) + text.slice(0, end))
    else if (end > start) readLine(state, text.slice(start, end))
    else endEvent(state)
    if (state.done || state.failure) return
    start = readSimilar(state, text, end + 1)
  }
  if (start < text.length) keep(state, start === 0 ? text : text.slice(start))
}

/** Reads the lines that are like the one before. Returns where the first begins that is not. */
function readSimilar(state: State, text: string, start: number): number {
  if (state.frame === null || state.partialLength > 0 || state.data !== null) return start
  const next = readFramed(state.frame, text, { start, maxLength: maxEventLength }, state.events)
  if (next > start) {
    state.framesLeft = framesInVain
    state.isOutdated = true
  }
  return next
}

/** CR LF and a lone CR end a line too; the LF of a CR LF may come with the next bytes. */
function lineFeedsOnly(state: State, raw: string): string {
  const text = state.skipLineFeed && raw[0] === '\n' ? raw.slice(1) : raw
  if (raw !== '') state.skipLineFeed = raw.endsWith('\r')
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/** Pieces are joined only once, or a line that drips in byte by byte would cost its length squared. */
function keep(state: State, text: string): void {
  state.partialLength += text.length
  if (state.partialLength > maxEventLength) tooLong(state)
  else state.partial.push(text)
}

function takePartial(state: State): string {
  const text = state.partial.length === 1 ? (state.partial[0] ?? '') : state.partial.join('')
  state.partial = []
  state.partialLength = 0
  return text
}

function readLine(state: State, line: string): void {
  if (line.length > maxEventLength) {
    tooLong(state)
    return
  }
  if (!line.startsWith('data')) return
  if (line.length > 4 && line[4] !== ':') return
  const value = line.slice(line[5] === ' ' ? 6 : 5)
  // A whole JSON text cannot be the beginning of a longer one, so there is no need to wait for the blank line.
  if (state.data === null) {
    const known = state.events.length
    if (!readData(state, value)) state.data = value
    else if (state.events.length === known + 1) findFrame(state, line, state.events[known])
    return
  }
  state.data += `\n${value}`
  if (state.data.length > maxEventLength) tooLong(state)
}

function findFrame(state: State, line: string, event: LlmEvent | undefined): void {
  if (state.framesLeft === 0 || event === undefined || !('text' in event)) return
  const found = frameOf(line, event)
  if (found === null) return
  state.frame = found
  state.framesLeft--
}

function endEvent(state: State): void {
  if (state.data === null) return
  const text = state.data
  state.data = null
  if (!readData(state, text)) fail(state, 'an event that is not JSON', text)
}

/** False when the text is not JSON (yet). */
function readData(state: State, text: string): boolean {
  if (text[0] !== '{') {
    const word = text.trim()
    if (word === '[DONE]') state.done = true
    if (word === '' || word === 'null' || state.done) return true
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return false
  }
  const known = state.events.length
  const said = readChunk(value, state.events)
  if (said.fault) giveUp(state, said.fault)
  if (said.usage) state.usage = said.usage
  state.isOutdated = said.usage === null && (state.isOutdated || state.events.length > known)
  state.finishReason ??= said.finish
  return true
}

function readRest(state: State): void {
  const rest = takePartial(state)
  if (state.kind === 'json') {
    if (!readData(state, rest)) fail(state, 'a body that is not JSON', rest)
  } else {
    if (rest !== '') readLine(state, rest)
    endEvent(state)
  }
  if (state.finishReason === null && !state.done && !state.failure) {
    fail(state, 'the stream ended without a finish reason or [DONE]')
  }
}

function conclude(state: State): void {
  if (!state.failure) state.events.push({ type: 'finish', reason: state.finishReason ?? 'stop' })
  if (state.usage && !state.isOutdated) state.events.push({ type: 'usage', usage: state.usage })
}

function tooLong(state: State): void {
  fail(state, `more than ${maxEventLength} characters in one event`)
}

function fail(state: State, reason: string, text = ''): void {
  giveUp(state, { code: 'provider_unavailable', status: null, reason, excerpt: text.slice(0, 400) })
}

/** An answer that has its finish reason is whole: what goes wrong after it is not missed. */
function giveUp(state: State, fault: Fault): void {
  if (state.finishReason === null) state.failure = fault
  else state.done = true
}

type BodyKind = 'unknown' | 'events' | 'json' | 'html'

/** By its first character: content types cannot be trusted, and no line of an event stream begins like these. */
function kindOf(text: string): BodyKind {
  if (text === '') return 'unknown'
  if (text[0] === '<') return 'html'
  return text[0] === '{' ? 'json' : 'events'
}
