/** What a turn tells, in this order: `start`, then what it says, then `usage`, and last `done` or `error`. */
export type TurnEvent =
  | { type: 'start'; data: StartData }
  /** Only what is new. */
  | { type: 'delta'; data: { text: string } }
  | { type: 'reasoning'; data: { text: string } }
  | { type: 'title'; data: { title: string } }
  /** All that was said up to here: a reader drops what it has and shows this. */
  | { type: 'snapshot'; data: { text: string; reasoning: string } }
  | { type: 'usage'; data: UsageData }
  | { type: 'done'; data: { finish_reason: string } }
  /** The problem object that a refused request would have had. */
  | { type: 'error'; data: ProblemData }

export interface StartData {
  turn_id: string
  conversation_id: string
  user_message_id: string
  assistant_message_id: string
  /** `provider/model`. */
  model: string
}

export interface UsageData {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  /** The provider sent no numbers, or the turn ended before it could. */
  estimated: boolean
  /** Null where no price is known. */
  cost: number | null
}

export interface ProblemData {
  type: string
  title: string
  status: number
  detail: string
  code: string
}

/** One event of a turn's log: numbered from 1 without gaps, its data as JSON text, the same for every reader. */
export interface LogEntry {
  seq: number
  type: TurnEvent['type']
  data: string
}

/** What happens to a person's conversations, for his other windows and devices. */
export type UserEvent =
  | { type: 'turn_started'; data: { turn_id: string; conversation_id: string; assistant_message_id: string } }
  | { type: 'turn_ended'; data: { turn_id: string; conversation_id: string; state: string } }
  | { type: 'title'; data: { conversation_id: string; title: string } }
  | { type: 'conversation_changed'; data: { conversation_id: string } }
  /** Their names, or which there are: the conversations that have them are to be read anew too. */
  | { type: 'tags_changed'; data: Record<string, never> }
  | { type: 'quota_changed'; data: Record<string, never> }
  | { type: 'session_revoked'; data: { session_id: string } }
