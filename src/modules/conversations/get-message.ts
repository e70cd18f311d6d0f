import type { TurnState } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { findMessage } from './message-store.ts'

export interface Message {
  id: string
  conversationId: string
  /** null: the beginning of a conversation. */
  parentId: string | null
  /** Ids of all that follow the same message, this one among them, oldest first. */
  siblings: string[]
  role: 'user' | 'assistant'
  /** Of a running answer: what is stored so far, at most two seconds old. */
  content: string
  reasoning: string | null
  status: TurnState
  /** `provider/model` that answered; null for a question. */
  model: string | null
  finishReason: string | null
  errorCode: string | null
  promptTokens: number | null
  completionTokens: number | null
  isUsageEstimated: boolean | null
  costMicros: number | null
  durationMs: number | null
  timeToFirstTokenMs: number | null
  rating: 'up' | 'down' | null
  ratingNote: string | null
  /** What stands for it and all before it, where a model has no more room for them; null: nothing does. */
  summary: { messageCount: number; createdAt: Date } | null
  createdAt: Date
}

/** A person's message, in a conversation that is not in the bin. Throws `not_found`. */
export async function getMessage({ db }: Pick<Deps, 'db'>, userId: number, id: string): Promise<Message> {
  const message = await findMessage(db, userId, id)
  if (message === null) throw noMessage()
  return message
}

export function noMessage(): AppError {
  return new AppError('not_found', 'There is no such message')
}
