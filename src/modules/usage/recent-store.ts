import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** Of calls that ended since a moment. */
export interface RecentCalls {
  calls: number
  failed: number
  stopped: number
  interrupted: number
  /** Half of them, and all but one in twenty, were no slower; null: there was nothing to measure. */
  firstTokenMs: Spread | null
  durationMs: Spread | null
}

export interface Spread {
  half: number
  most: number
}

type Row = Omit<RecentCalls, 'firstTokenMs' | 'durationMs'> &
  Record<'firstHalf' | 'firstMost' | 'wholeHalf' | 'wholeMost', number | null>

/** Spreads are those of so many at most, the newest: to put a day of a busy service in order takes too long. */
const mostSpread = 50_000

export async function sumRecent(db: Db, since: Date): Promise<RecentCalls> {
  const isRecent = sql`created_at >= ${since.toISOString()}::timestamptz`
  const result = await db.execute(sql`
    select counts.*, spreads.* from (
      select count(*)::float8 as calls, count(*) filter (where outcome = 'failed')::float8 as failed,
        count(*) filter (where outcome = 'stopped')::float8 as stopped,
        count(*) filter (where outcome = 'interrupted')::float8 as interrupted
      from usage_events where ${isRecent}
    ) counts, (
      select percentile_disc(0.5) within group (order by first) as "firstHalf",
        percentile_disc(0.95) within group (order by first) as "firstMost",
        percentile_disc(0.5) within group (order by whole) as "wholeHalf",
        percentile_disc(0.95) within group (order by whole) as "wholeMost"
      from (
        select time_to_first_token_ms as first, case when outcome = 'complete' then duration_ms end as whole
        from usage_events where ${isRecent} order by created_at desc, id desc limit ${mostSpread}
      ) newest
    ) spreads`)
  const [row] = rowsOf<Row>(result)
  if (row === undefined) throw new Error('a sum without a row')
  const { firstHalf, firstMost, wholeHalf, wholeMost, ...counts } = row
  return {
    ...counts,
    firstTokenMs: spreadOf(firstHalf, firstMost),
    durationMs: spreadOf(wholeHalf, wholeMost),
  }
}

export function spreadOf(half: number | null, most: number | null): Spread | null {
  return half === null || most === null ? null : { half, most }
}

export interface RecentFault {
  /** null: it did not say. */
  code: string | null
  model: string
  /** Since each moment. */
  lastHour: number
  lastDay: number
  lastAtMs: number
}

/** Why calls failed: which code at which model how often, the latest first. */
export async function listFaults(
  db: Db,
  { hour, day, limit }: { hour: Date; day: Date; limit: number },
): Promise<RecentFault[]> {
  const result = await db.execute(sql`
    select error_code as code, model, count(*)::float8 as "lastDay",
      count(*) filter (where created_at >= ${hour.toISOString()}::timestamptz)::float8 as "lastHour",
      (extract(epoch from max(created_at)) * 1000)::float8 as "lastAtMs"
    from usage_events where outcome = 'failed' and created_at >= ${day.toISOString()}::timestamptz
    group by 1, 2 order by max(created_at) desc, 1, 2 limit ${limit}`)
  return rowsOf(result)
}
