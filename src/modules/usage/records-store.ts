import { type SQL, sql } from 'drizzle-orm'
import type { TurnState } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import type { UsageKind } from '../../lib/usage-kinds.ts'
import { inScopeByDay, providerOf, type UsageScope } from './statistics-store.ts'

/** A row of the ledger. */
export interface UsageRecord {
  id: string
  /** null: a visitor without an account, or somebody who is gone. */
  uid: string | null
  keyId: string | null
  kind: UsageKind
  turnId: string | null
  model: string
  provider: string
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  reasoningTokens: number
  images: number
  isEstimated: boolean
  costMicros: number | null
  timeToFirstTokenMs: number | null
  durationMs: number
  outcome: Exclude<TurnState, 'running'>
  errorCode: string | null
  createdAtMs: number
  /** To the microsecond: what the next page goes on from. */
  position: string
}

/** Or a whole day, from its beginning and to its end. */
export type Moment = { at: Date } | { day: string }

export interface RecordFilter {
  from: Moment | null
  to: Moment | null
  /** Where days begin. */
  timezone: string
  model: string | null
  kind: string | null
}

/** Where a page has ended. */
export interface RecordPosition {
  at: string
  id: string
}

/** The newest first, those before the position. */
export async function listRecords(
  db: Db,
  scope: UsageScope,
  { from, to, timezone, model, kind }: RecordFilter,
  { before, limit }: { before: RecordPosition | null; limit: number },
): Promise<UsageRecord[]> {
  const { userId, keyId, provider } = scope
  const conditions: SQL[] = [
    ...boundsOf(scope, model, kind),
    userId === null ? sql`true` : sql`e.user_id = ${userId}`,
    keyId === null ? sql`true` : sql`e.key_id = ${keyId}::uuid`,
    provider === null ? sql`true` : sql`${providerOf} = ${provider}`,
    from === null ? sql`true` : sql`e.created_at >= ${beginOf(from, timezone)}`,
    to === null ? sql`true` : sql`e.created_at < ${endOf(to, timezone)}`,
    model === null ? sql`true` : sql`e.model = ${model}`,
    kind === null ? sql`true` : sql`e.kind = ${kind}`,
    before === null
      ? sql`true`
      : sql`(e.created_at, e.id) < (${before.at}::timestamp at time zone 'UTC', ${before.id}::uuid)`,
  ]
  const result = await db.execute(sql`
    select e.id, u.uid, e.key_id as "keyId", e.kind, e.turn_id as "turnId", e.model,
      ${providerOf} as provider, e.prompt_tokens as "promptTokens",
      e.cached_tokens as "cachedTokens", e.completion_tokens as "completionTokens",
      e.reasoning_tokens as "reasoningTokens", e.images, e.is_estimated as "isEstimated",
      e.cost_micros::float8 as "costMicros", e.time_to_first_token_ms as "timeToFirstTokenMs",
      e.duration_ms as "durationMs", e.outcome, e.error_code as "errorCode",
      (extract(epoch from e.created_at) * 1000)::float8 as "createdAtMs",
      to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as position
    from (
      select * from usage_events e where ${sql.join(conditions, sql` and `)}
      order by e.created_at desc, e.id desc limit ${limit}
    ) as e left join users u on u.id = e.user_id
    order by e.created_at desc, e.id desc`)
  return rowsOf(result)
}

function beginOf(moment: Moment, timezone: string): SQL {
  if ('at' in moment) return sql`${moment.at.toISOString()}::timestamptz`
  return sql`(${moment.day}::date::timestamp at time zone ${timezone})`
}

function endOf(moment: Moment, timezone: string): SQL {
  if ('at' in moment) return beginOf(moment, timezone)
  return sql`((${moment.day}::date + 1)::timestamp at time zone ${timezone})`
}

/**
 * Days between which there is anything of the kind, as the sums know: what is rare or is not at all would be looked for
 * in all of the ledger. Their clock may be half a day from UTC.
 */
function boundsOf(scope: UsageScope, model: string | null, kind: string | null): SQL[] {
  if (scope.provider === null && model === null && kind === null) return []
  const known = sql`from usage_sums s where ${inScopeByDay(scope)}
    and ${model === null ? sql`true` : sql`s.model = ${model}`} and ${kind === null ? sql`true` : sql`s.kind = ${kind}`}`
  return [
    sql`e.created_at >= ((select min(s.day) - 1 ${known})::timestamp at time zone 'UTC')`,
    sql`e.created_at < ((select max(s.day) + 2 ${known})::timestamp at time zone 'UTC')`,
  ]
}
