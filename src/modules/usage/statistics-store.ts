import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** Whose usage: `userId` null is everybody's. */
export interface UsageScope {
  userId: number | null
  /** Of one API key alone. */
  keyId: string | null
  /** Of one provider's models alone. */
  provider: string | null
}

/** Days by the clock of TIMEZONE, as `2026-01-31`, both included. */
export interface DayRange {
  from: string
  to: string
}

export interface UsageSums {
  calls: number
  failed: number
  stopped: number
  interrupted: number
  estimated: number
  unpriced: number
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  reasoningTokens: number
  images: number
  costMicros: number
  durationMs: number
  firstTokenMs: number
  firstTokens: number
}

const columnOf = {
  calls: 'calls',
  failed: 'failed',
  stopped: 'stopped',
  interrupted: 'interrupted',
  estimated: 'estimated',
  unpriced: 'unpriced',
  promptTokens: 'prompt_tokens',
  cachedTokens: 'cached_tokens',
  completionTokens: 'completion_tokens',
  reasoningTokens: 'reasoning_tokens',
  images: 'images',
  costMicros: 'cost_micros',
  durationMs: 'duration_ms',
  firstTokenMs: 'first_token_ms',
  firstTokens: 'first_tokens',
} satisfies Record<keyof UsageSums, string>

const named = (each: (name: SQL, column: SQL) => SQL) =>
  sql.join(
    Object.entries(columnOf).map(([name, column]) =>
      each(sql`${sql.identifier(name)}`, sql`${sql.identifier(column)}`),
    ),
    sql`, `,
  )

/** Of rows `s` of sums, whichever, by the names that they have here. */
export const sums = named((name, column) => sql`coalesce(sum(${column}), 0)::float8 as ${name}`)

/** Of a row `e` of the ledger: earlier ones say it in the model alone. */
export const providerOf = sql`coalesce(nullif(e.provider, ''), split_part(e.model, '/', 1))`

/** Of rows `s` of the sums. Everybody's are kept apart: nobody need read each person's. */
export function inScope({ userId, keyId, provider }: UsageScope): SQL {
  const isOf = sql`${ofKey(keyId)} and ${ofProvider(provider)}`
  if (userId !== null) return sql`s.shard = 0 and s.user_id = ${userId} and ${isOf}`
  return keyId === null
    ? sql`s.shard between 1 and 8 and s.user_id is null and ${isOf}`
    : sql`s.shard = 0 and ${isOf}`
}

/** The same, by day and not by hour where that is fewer rows. */
export function inScopeByDay(scope: UsageScope): SQL {
  const { userId, keyId, provider } = scope
  if (userId !== null || keyId !== null) return inScope(scope)
  return sql`s.shard between 9 and 16 and s.user_id is null and ${ofProvider(provider)}`
}

function ofKey(keyId: string | null): SQL {
  return keyId === null ? sql`true` : sql`s.key_id = ${keyId}::uuid`
}

export function ofProvider(provider: string | null): SQL {
  return provider === null ? sql`true` : sql`s.provider = ${provider}`
}

export function inRange({ from, to }: DayRange): SQL {
  return sql`s.day between ${from}::date and ${to}::date`
}

/** The day that it is by that clock. */
export async function findToday(db: Db, now: Date, timezone: string): Promise<string> {
  const result = await db.execute(
    sql`select (${now.toISOString()}::timestamptz at time zone ${timezone})::date::text as today`,
  )
  return rowsOf<{ today: string }>(result)[0]?.today ?? ''
}

/** The sums of several ranges of days, by name, from one reading. Null ends are open. */
export async function sumRanges(
  db: Db,
  scope: UsageScope,
  ranges: { name: string; from: string | null; to: string }[],
): Promise<(UsageSums & { name: string })[]> {
  const result = await db.execute(sql`
    with days as materialized (select s.day, ${sums} from usage_sums s where ${inScopeByDay(scope)} group by s.day)
    select r.name, ${named((name) => sql`coalesce(sum(days.${name}), 0)::float8 as ${name}`)}
    from jsonb_to_recordset(${JSON.stringify(ranges)}::text::jsonb) as r(name text, "from" date, "to" date)
    left join days on days.day between coalesce(r."from", '-infinity') and r."to"
    group by r.name`)
  return rowsOf(result)
}

/** What a stretch of time is compared by. */
export type ComparedSums = Pick<UsageSums, 'calls' | 'promptTokens' | 'completionTokens' | 'costMicros'>

/**
 * Of so many days before as many that end now, by the clock of that time zone, until the same time of day: of the hour
 * that is not over, as the ledger has it.
 */
export async function sumBefore(
  db: Db,
  scope: UsageScope,
  stretches: { name: string; days: number }[],
  { now, timezone }: { now: Date; timezone: string },
): Promise<(ComparedSums & { name: string })[]> {
  const { userId, keyId, provider } = scope
  const conditions = [
    userId === null ? sql`true` : sql`e.user_id = ${userId}`,
    keyId === null ? sql`true` : sql`e.key_id = ${keyId}::uuid`,
    provider === null ? sql`true` : sql`${providerOf} = ${provider}`,
  ]
  // As values, whose number the planner knows: for as many as JSON might hold it compiles the statement first.
  const wanted = sql.join(
    stretches.map(({ name, days }) => sql`(${name}::text, ${days}::integer)`),
    sql`, `,
  )
  const result = await db.execute(sql`
    with stretches as (
      select r.name, local - make_interval(days => r.days) as until, local::date - 2 * r.days + 1 as "from"
      from (values ${wanted}) as r(name, days),
        (select ${now.toISOString()}::timestamptz at time zone ${timezone} as local) as clock
    )
    select r.name, sum(part.calls)::float8 as calls, sum(part.prompt)::float8 as "promptTokens",
      sum(part.completion)::float8 as "completionTokens", sum(part.cost)::float8 as "costMicros"
    from stretches r, lateral (
      select coalesce(sum(s.calls), 0) as calls, coalesce(sum(s.prompt_tokens), 0) as prompt,
        coalesce(sum(s.completion_tokens), 0) as completion, coalesce(sum(s.cost_micros), 0) as cost
      from usage_sums s
      where ${inScopeByDay(scope)} and s.day >= r."from" and s.day < r.until::date
      union all
      select coalesce(sum(s.calls), 0), coalesce(sum(s.prompt_tokens), 0), coalesce(sum(s.completion_tokens), 0),
        coalesce(sum(s.cost_micros), 0)
      from usage_sums s
      where ${inScope(scope)} and s.day = r.until::date and s.hour < extract(hour from r.until)
      union all
      select count(*), coalesce(sum(e.prompt_tokens), 0), coalesce(sum(e.completion_tokens), 0),
        coalesce(sum(e.cost_micros), 0)
      from usage_events e
      where ${sql.join(conditions, sql` and `)}
        and e.created_at >= date_trunc('hour', r.until) at time zone ${timezone}
        and e.created_at < r.until at time zone ${timezone}
    ) as part
    group by r.name`)
  return rowsOf(result)
}

/** What sums are split by. */
export type Split = 'day' | 'hour' | 'model' | 'provider' | 'kind'

const columns: Record<Split, SQL> = {
  day: sql`s.day::text`,
  hour: sql`s.hour::integer`,
  model: sql`s.model`,
  provider: sql`s.provider`,
  kind: sql`s.kind`,
}

/** Only what there is; by tokens, the most first, days and hours in their order. */
export async function sumBy<Key extends string | number>(
  db: Db,
  scope: UsageScope,
  range: DayRange,
  split: Split,
): Promise<(UsageSums & { key: Key })[]> {
  const order =
    split === 'day' || split === 'hour' ? sql`1` : sql`"promptTokens" + "completionTokens" desc, 1`
  const rows = split === 'hour' ? inScope(scope) : inScopeByDay(scope)
  const result = await db.execute(sql`
    select * from (
      select ${columns[split]} as key, ${sums} from usage_sums s where ${rows} and ${inRange(range)} group by 1
    ) as split order by ${order}`)
  return rowsOf(result)
}

/** Whose it is, or was: sums and ledger are in order by person. null: the key is gone. */
export async function findKeyOwner(db: Db, keyId: string): Promise<number | null> {
  const result = await db.execute(
    sql`select user_id::float8 as "userId" from api_keys where id = ${keyId}::uuid`,
  )
  return rowsOf<{ userId: number }>(result)[0]?.userId ?? null
}

/**
 * Sums of all that stand in parts are put into one, by hour and by day, for the first day before `before` that has any; that day, or null.
 * Where something is added to a part meanwhile it is the next time's.
 */
export async function foldDay(db: Db, before: string): Promise<string | null> {
  const keys = sql`day, hour, kind, model, provider`
  const columns = named((_, column) => column)
  const result = await db.execute(sql`
    with gone as (
      delete from usage_sums where (shard between 2 and 8 or shard between 10 and 16) and user_id is null and day = (
        select min(day) from usage_sums where shard between 2 and 8 and user_id is null and day < ${before}::date)
      returning *
    ), folded as (
      insert into usage_sums as s (shard, ${keys}, ${columns})
      select case when shard <= 8 then 1 else 9 end, ${keys}, ${named((_, column) => sql`sum(${column})`)}
      from gone group by 1, ${keys} order by 1, ${keys}
      on conflict (shard, user_id, day, hour, key_id, kind, model, provider) do update set
        ${named((_, column) => sql`${column} = s.${column} + excluded.${column}`)}
    )
    select min(day)::text as day from gone`)
  return rowsOf<{ day: string | null }>(result)[0]?.day ?? null
}
