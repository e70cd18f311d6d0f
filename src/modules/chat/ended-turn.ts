import type { TurnState } from '../../db/chat-tables.ts'

/** How a turn ended, as it is written. Names are those of the columns: rows travel as JSON. */
export interface EndedTurn {
  turn_id: string
  /** The one that has answered. */
  model: string
  state: Exclude<TurnState, 'running'>
  last_seq: number
  ended_at: string
  content: string
  /** What the content is found by, as `integer[]`. */
  search_terms: string
  reasoning: string | null
  finish_reason: string | null
  error_code: string | null
  provider: string
  prompt_tokens: number
  cached_tokens: number
  completion_tokens: number
  reasoning_tokens: number
  is_estimated: boolean
  cost_micros: number | null
  duration_ms: number
  time_to_first_token_ms: number | null
  usage_event_id: string
}
