import type { ChatMessage } from '../../llm/llm.ts'

/** As compact JSON in UTF-8. */
export const maxHistoryBytes = 64 * 1024

interface Round {
  question: ChatMessage
  reply: ChatMessage | null
}

/**
 * The newest rounds that fit: at most `maxRounds`, at most 64 KiB, older ones first to go. A single round that is
 * too big loses its reply, then goes as well. Whatever is no round (two replies in a row, other roles) is dropped.
 */
export function trimHistory(messages: ChatMessage[], maxRounds: number): ChatMessage[] {
  const rounds = roundsOf(messages).slice(-maxRounds)
  const kept: ChatMessage[] = []
  let room = maxHistoryBytes - '[]'.length
  for (const { question, reply } of rounds.reverse()) {
    const size = sizeOf(question) + (reply === null ? 0 : sizeOf(reply))
    if (size <= room) {
      kept.unshift(question, ...(reply === null ? [] : [reply]))
      room -= size
      continue
    }
    if (kept.length === 0 && sizeOf(question) <= room) kept.push(question)
    break
  }
  return kept
}

function roundsOf(messages: ChatMessage[]): Round[] {
  const rounds: Round[] = []
  for (const message of messages) {
    const last = rounds.at(-1)
    if (message.role === 'user') rounds.push({ question: message, reply: null })
    else if (message.role === 'assistant' && last?.reply === null) last.reply = message
  }
  return rounds
}

/** With the comma after it: for the last message one byte too many, which nobody misses. */
function sizeOf(message: ChatMessage): number {
  return Buffer.byteLength(JSON.stringify(message)) + 1
}
