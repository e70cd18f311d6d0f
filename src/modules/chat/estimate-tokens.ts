import type { ChatMessage } from '../../llm/llm.ts'

/** Around each message there are its role and what separates it from the next; and the answer's beginning once. */
const perMessage = 4
const perPrompt = 3

/** About so many tokens is a prompt, before the model's own factor. */
export function estimatePrompt(messages: Pick<ChatMessage, 'content'>[]): number {
  let tokens = perPrompt
  for (const { content } of messages) tokens += estimateMessage(content)
  return tokens
}

/** A text and what is around it in a prompt. */
export function estimateMessage(content: string): number {
  return perMessage + estimateTokens(content)
}

/**
 * About so many tokens is a text; not a whole number, so that pieces add up: two halves are together at most one token
 * more or less than the whole, and no part is more than the whole. How a model really counts is learned apart.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  let kind = space
  let run = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 127) {
      tokens += costBeyondAscii(code)
      run = 0
      continue
    }
    const next = kinds[code] as number
    // A capital after small letters begins another word: `createTurnLog`, and what is not a word at all.
    run = run > 0 && (next === kind || (next === small && kind === capital)) ? run + 1 : 1
    kind = next
    if (run === 1) tokens += firstCost[kind] as number
    else if (run > (included[kind] as number)) tokens += furtherCost[kind] as number
  }
  return tokens
}

const [space, lineEnd, small, capital, digit, sign] = [0, 1, 2, 3, 4, 5] as [
  number,
  number,
  number,
  number,
  number,
  number,
]

/** Of the first character of a run, which pays for so many more, and of each after those; by kind. */
const firstCost = [0, 0.6, 1, 1, 0.5, 0.8]
const included = [1, 1, 6, 6, 1, 1]
const furtherCost = [0.1, 0.2, 0.25, 0.25, 0.5, 0.4]

const kinds = Uint8Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)))

function kindOf(character: string): number {
  if (/[a-z]/.test(character)) return small
  if (/[A-Z]/.test(character)) return capital
  if (/\d/.test(character)) return digit
  if (/[\n\r]/.test(character)) return lineEnd
  return /\s/.test(character) ? space : sign
}

/** Scripts by their blocks, the most frequent first. */
function costBeyondAscii(code: number): number {
  if (code >= 0x4e00 && code <= 0x9fff) return 0.7 // Chinese characters
  if (code >= 0x3000 && code <= 0x303f) return 0.8 // Chinese punctuation
  if (code >= 0xff00) return 0.8 // full width
  if (code >= 0x3040 && code <= 0x30ff) return 0.7 // kana
  if (code >= 0xac00 && code <= 0xd7a3) return 0.8 // Hangul
  if (code < 0x250) return 0.6 // Latin with accents
  if (code < 0x400) return 0.5 // Greek
  if (code < 0x700) return 0.45 // Cyrillic, Hebrew, Arabic
  if (code < 0x1100) return 0.6 // of India and Southeast Asia
  if (code >= 0x2000 && code <= 0x206f) return 0.8 // dashes and quotation marks
  return 1.1 // halves of emoji and rare characters, symbols
}
