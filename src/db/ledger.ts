import { type SQL, sql } from 'drizzle-orm'
import type { UsageKind } from '../lib/usage-kinds.ts'
import type { TurnState } from './chat-tables.ts'

/** What enters the ledger. Names are those of the columns: rows travel as JSON. */
export interface LedgerRow {
  id: string
  user_id: number | null
  key_id: string | null
  kind: UsageKind
  turn_id: string | null
  /** `provider/model`: who has answered. */
  model: string
  provider: string
  prompt_tokens: number
  cached_tokens: number
  completion_tokens: number
  reasoning_tokens: number
  images: number
  is_estimated: boolean
  cost_micros: number | null
  time_to_first_token_ms: number | null
  duration_ms: number
  outcome: Exclude<TurnState, 'running'>
  error_code: string | null
  created_at: string
}

/** A statement, or a part of one: enters rows, each once however often it is tried. */
export function enterInLedger(rows: LedgerRow[], timezone: string): SQL {
  return sql`
    insert into usage_events (id, user_id, key_id, kind, turn_id, model, provider, prompt_tokens, cached_tokens,
      completion_tokens, reasoning_tokens, images, is_estimated, cost_micros, time_to_first_token_ms, duration_ms,
      outcome, error_code, created_at, local_at)
    select id, user_id, key_id, kind, turn_id, model, provider, prompt_tokens, cached_tokens,
      completion_tokens, reasoning_tokens, images, is_estimated, cost_micros, time_to_first_token_ms, duration_ms,
      outcome, error_code, created_at, created_at at time zone ${timezone}
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as entry(
      id uuid, user_id bigint, key_id uuid, kind text, turn_id uuid, model text, provider text, prompt_tokens integer,
      cached_tokens integer, completion_tokens integer, reasoning_tokens integer, images integer,
      is_estimated boolean, cost_micros bigint, time_to_first_token_ms integer, duration_ms integer,
      outcome text, error_code text, created_at timestamptz)
    on conflict do nothing`
}
