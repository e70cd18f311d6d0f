import type { StoredMessage } from './chat-api.ts'
import type { TurnEnd } from './follow-turn.ts'
import type { Message } from './talk.ts'
import type { TextKey } from './texts.ts'

/** A message as the server keeps it. */
export function toMessage(stored: StoredMessage): Message {
  const { id, role, content, reasoning, status, finish_reason, error_code, summary } = stored
  const message: Message = { key: id, role, content, reasoning, stored, isSummarised: summary !== undefined }
  if (role === 'user' || status === 'running') return message
  const fault = status === 'failed' ? faultOfCode(error_code) : faultOfFinish(finish_reason ?? status)
  return withFault(message, fault)
}

/** What is wrong with an answer that ended so; null: nothing. */
export function faultOfEnd(end: TurnEnd): TextKey | null {
  if (end.type === 'failed') return faultOfCode(end.problem.code)
  return end.type === 'done' ? faultOfFinish(end.finishReason) : null
}

export function withFault(answer: Message, fault: TextKey | null): Message {
  if (fault === null) return answer
  return { ...answer, fault, remedy: answer.content === '' ? 'ask_again' : 'go_on' }
}

function faultOfFinish(reason: string): TextKey | null {
  if (reason === 'length') return 'lengthReached'
  return reason === 'stopped' || reason === 'interrupted' ? reason : null
}

function faultOfCode(code: string | null): TextKey {
  return (code !== null && faults[code]) || 'failed'
}

const faults: Record<string, TextKey> = {
  interrupted: 'interrupted',
  provider_unavailable: 'modelUnavailable',
  provider_rejected: 'modelUnavailable',
  provider_timeout: 'modelTooSlow',
  turn_too_long: 'answerTooSlow',
}
