import type { Parameters } from '../../db/chat-tables.ts'
import type { Problems } from './import-report.ts'

/** What was said, in whatever words another product says it. */
export interface Utterance {
  role: 'user' | 'assistant'
  content: string
  reasoning: string | null
  status: 'complete' | 'stopped' | 'failed' | 'interrupted'
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
  /** null: nobody knows. */
  createdAt: Date | null
}

/** A message that is to be stored. */
export interface DraftMessage extends Utterance {
  /** An answer always has a question. */
  parent: DraftMessage | null
  createdAt: Date
}

/** A conversation of an archive, made ready to be stored. */
export interface DraftConversation {
  /** null: it had none. */
  sourceId: string | null
  title: string | null
  model: string | null
  systemPrompt: string | null
  parameters: Parameters
  isPinned: boolean
  isArchived: boolean
  tags: string[]
  createdAt: Date
  lastMessageAt: Date
  /** Siblings in their order. */
  messages: DraftMessage[]
  current: DraftMessage | null
  /** That were there and are not here. */
  skippedMessages: number
}

/** Reads one conversation of an archive. null: it is none of this format. */
export type ReadConversation = (value: unknown, context: ReadContext) => DraftConversation | null

export interface ReadContext {
  now: Date
  problems: Problems
}

/** An answer or a question that has nothing but its text. */
export function utterance(role: Utterance['role'], content: string): Utterance {
  return {
    role,
    content,
    reasoning: null,
    status: 'complete',
    model: null,
    finishReason: null,
    errorCode: null,
    promptTokens: null,
    completionTokens: null,
    isUsageEstimated: null,
    costMicros: null,
    durationMs: null,
    timeToFirstTokenMs: null,
    rating: null,
    ratingNote: null,
    createdAt: null,
  }
}
