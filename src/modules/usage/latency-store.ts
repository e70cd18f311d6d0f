import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { type Spread, spreadOf } from './recent-store.ts'

export interface Latency {
  /** null: of all models together. */
  model: string | null
  calls: number
  /** null: there was no word. */
  firstTokenMs: Spread | null
  /** Of those that came to their end; null: none did. */
  durationMs: Spread | null
}

export interface Latencies {
  all: Latency
  /** The most asked first. */
  models: Latency[]
  /** When the oldest of the calls ended. */
  oldestAtMs: number | null
}

type Row = Pick<Latency, 'model' | 'calls'> & { oldestAtMs: number | null } & Record<
    'firstHalf' | 'firstMost' | 'wholeHalf' | 'wholeMost',
    number | null
  >

/** Of the newest `mostCalls` since that moment, whoever asked: no more rows are read, however many there are. */
export async function measureLatencies(
  db: Db,
  { since, mostCalls, mostModels }: { since: Date; mostCalls: number; mostModels: number },
): Promise<Latencies> {
  const result = await db.execute(sql`
    with recent as materialized (
      select model, created_at, time_to_first_token_ms as first,
        case when outcome = 'complete' then duration_ms end as whole
      from usage_events where created_at >= ${since.toISOString()}::timestamptz
      order by created_at desc, id desc limit ${mostCalls}
    )
    select model, count(*)::float8 as calls, (extract(epoch from min(created_at)) * 1000)::float8 as "oldestAtMs",
      percentile_disc(0.5) within group (order by first) as "firstHalf",
      percentile_disc(0.95) within group (order by first) as "firstMost",
      percentile_disc(0.5) within group (order by whole) as "wholeHalf",
      percentile_disc(0.95) within group (order by whole) as "wholeMost"
    from recent group by grouping sets ((), (model)) order by grouping(model) desc, calls desc, model
    limit ${mostModels + 1}`)
  const [all, ...models] = rowsOf<Row>(result)
  if (all === undefined) throw new Error('a sum without a row')
  return { all: toLatency(all), models: models.map(toLatency), oldestAtMs: all.oldestAtMs }
}

function toLatency({ model, calls, firstHalf, firstMost, wholeHalf, wholeMost }: Row): Latency {
  return {
    model,
    calls,
    firstTokenMs: spreadOf(firstHalf, firstMost),
    durationMs: spreadOf(wholeHalf, wholeMost),
  }
}
