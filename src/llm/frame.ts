import { nothing, readChunk } from './chunk.ts'
import type { LlmEvent } from './llm.ts'

/** The text events: each is a piece of what the model says. */
type TextEvent = Extract<LlmEvent, { text: string }>

/**
 * A line of which only the text is still to be read. The chunks of an answer are alike but for their text, so that
 * the next line nearly always fits into the frame of the one before, and takes a quarter of the time.
 */
export interface Frame {
  type: TextEvent['type']
  /** Up to and with the quotation mark before the text. */
  before: string
  /** From the quotation mark behind the text to the line feed. */
  after: string
}

/**
 * The frame of a line of which this event is the only one. Null when the text cannot be found in it, or when it says
 * more: a frame is proven by putting another text into it, and reading that and nothing else.
 */
export function frameOf(line: string, { type, text }: TextEvent): Frame | null {
  const quoted = JSON.stringify(text)
  const at = line.indexOf(quoted)
  if (at === -1) return null
  const other = `${text}x`
  const proof = `${line.slice(0, at)}${JSON.stringify(other)}${line.slice(at + quoted.length)}\n`
  if (!saysOnly(proof, { type, text: other })) return null
  // Parts of `proof` and not of `line`: that one may be part of a whole read, and would keep it in memory.
  return { type, before: proof.slice(0, at + 1), after: proof.slice(at + quoted.length) }
}

function saysOnly(line: string, { type, text }: TextEvent): boolean {
  const events: LlmEvent[] = []
  const remark = readChunk(parseOrNull(line.slice(line.indexOf('{'))), events)
  const [event] = events
  return remark === nothing && event?.type === type && event.text === text
}

/**
 * Reads the lines from `start` on, as long as they fit into the frame and are no longer than `maxLength`. Returns
 * where the first line begins that does not.
 */
export function readFramed(
  { type, before, after }: Frame,
  lines: string,
  { start, maxLength }: { start: number; maxLength: number },
  events: LlmEvent[],
): number {
  let next = start
  while (lines.startsWith(before, next)) {
    const opening = next + before.length - 1
    const closing = lines.indexOf('"', opening + 1)
    if (closing === -1 || !lines.startsWith(after, closing)) break
    const end = closing + after.length
    if (end - 1 - next > maxLength) break
    const text = parseOrNull(lines.slice(opening, closing + 1))
    if (typeof text !== 'string') break
    if (text !== '') events.push({ type, text })
    next = lines[end] === '\n' ? end + 1 : end
  }
  return next
}

function parseOrNull(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
