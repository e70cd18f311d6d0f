import { sql } from 'drizzle-orm'
import type { TurnState } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import type { EndedTurn } from './ended-turn.ts'

/**
 * Writes the ends of many turns in one statement: state, answer, ledger; and drops their chunks. The ids of those
 * that were still running: only they were written. Somebody else has ended the others.
 */
export async function endTurns(db: Db, ends: EndedTurn[], timezone: string): Promise<Set<string>> {
  const result = await db.execute(sql`
    with ends as (
      select * from jsonb_to_recordset(${JSON.stringify(ends)}::text::jsonb) as e(
        turn_id uuid, model text, state text, last_seq integer, ended_at timestamptz, content text, search_terms integer[],
        reasoning text,
        finish_reason text, error_code text, provider text, prompt_tokens integer,
        cached_tokens integer, completion_tokens integer, reasoning_tokens integer, is_estimated boolean, cost_micros bigint, duration_ms integer, time_to_first_token_ms integer,
        usage_event_id uuid)
    ), ended as (
      update turns set state = ends.state, model = ends.model, last_seq = ends.last_seq, ended_at = ends.ended_at
      from ends where turns.id = ends.turn_id and turns.state = 'running'
      returning turns.id, turns.user_id, turns.assistant_message_id
    ), answered as (
      update messages set content = ends.content, model = ends.model, search_terms = ends.search_terms, reasoning = ends.reasoning, status = ends.state,
        finish_reason = ends.finish_reason, error_code = ends.error_code, prompt_tokens = ends.prompt_tokens,
        completion_tokens = ends.completion_tokens, is_usage_estimated = ends.is_estimated,
        cost_micros = ends.cost_micros, duration_ms = ends.duration_ms,
        time_to_first_token_ms = ends.time_to_first_token_ms
      from ends join ended on ended.id = ends.turn_id where messages.id = ended.assistant_message_id
    ), ledger as (
      insert into usage_events (id, user_id, kind, turn_id, model, provider, prompt_tokens, cached_tokens,
        completion_tokens, reasoning_tokens, is_estimated, cost_micros, time_to_first_token_ms, duration_ms,
        outcome, error_code, created_at, local_at)
      select ends.usage_event_id, ended.user_id, 'turn', ended.id, ends.model, ends.provider, ends.prompt_tokens,
        ends.cached_tokens, ends.completion_tokens, ends.reasoning_tokens, ends.is_estimated, ends.cost_micros,
        ends.time_to_first_token_ms, ends.duration_ms, ends.state, ends.error_code, ends.ended_at,
        ends.ended_at at time zone ${timezone}
      from ends join ended on ended.id = ends.turn_id
      on conflict do nothing
    ), dropped as (delete from turn_chunks where turn_id in (select id from ended))
    select id from ended`)
  return new Set(rowsOf<{ id: string }>(result).map(({ id }) => id))
}

export interface TurnEnd {
  state: TurnState
  lastSeq: number | null
  content: string
  reasoning: string | null
  finishReason: string | null
  errorCode: string | null
  promptTokens: number | null
  completionTokens: number | null
  isEstimated: boolean | null
  costMicros: number | null
}

/** How a turn stands in the database: its end, once it has one. */
export async function findTurnEnd(db: Db, turnId: string): Promise<TurnEnd | null> {
  const result = await db.execute(sql`
    select t.state, t.last_seq as "lastSeq", m.content, m.reasoning, m.finish_reason as "finishReason",
      m.error_code as "errorCode", m.prompt_tokens as "promptTokens", m.completion_tokens as "completionTokens",
      m.is_usage_estimated as "isEstimated", m.cost_micros::float8 as "costMicros"
    from turns t join messages m on m.id = t.assistant_message_id where t.id = ${turnId}::uuid`)
  return rowsOf<TurnEnd>(result)[0] ?? null
}

/** A running turn whose instance is dead, and what is left of it. */
export interface AbandonedTurn {
  id: string
  userId: number
  conversationId: string
  /** `provider/model`. */
  model: string
  text: string
  reasoning: string
  /** Number of the last event of which the text is known. */
  seq: number
  estimatedPromptTokens: number
  startedAt: string
}

/** At most 500; another instance may find the same, and `endTurns` lets one of them end it. */
export async function listAbandonedTurns(
  db: Db,
  instanceId: string,
  silentSeconds: number,
): Promise<AbandonedTurn[]> {
  const result = await db.execute(sql`
    select t.id, t.user_id::float8 as "userId", t.conversation_id as "conversationId", t.model,
      t.started_at as "startedAt", t.estimated_prompt_tokens as "estimatedPromptTokens",
      coalesce(string_agg(c.text, '' order by c.seq), '') as text,
      coalesce(string_agg(c.reasoning, '' order by c.seq), '') as reasoning,
      coalesce(max(c.seq), 1) as seq
    from turns t left join turn_chunks c on c.turn_id = t.id
    where t.state = 'running' and t.instance_id <> ${instanceId}::uuid
      and not exists (select 1 from instances i where i.id = t.instance_id
        and i.heartbeat_at > now() - make_interval(secs => ${silentSeconds}))
    group by t.id limit 500`)
  return rowsOf(result)
}
