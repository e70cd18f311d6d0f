import { sql } from 'drizzle-orm'
import { isPassing } from '../../db/connection-trouble.ts'
import type { Db } from '../../db/db.ts'
import { enterInLedger, type LedgerRow } from '../../db/ledger.ts'
import { rowsOf } from '../../db/rows.ts'
import { type UsageCall, type UsageGrant, usageReserve } from '../../db/usage-reserve.ts'
import type { UsageLimits } from '../../db/usage-tables.ts'
import { AppError } from '../../errors.ts'
import type { LimitName } from '../../lib/limit-names.ts'

/** Each once, however often it is tried. Throws `dependency_down` also for what goes well when it is tried again. */
export async function insertRows(db: Db, rows: LedgerRow[], timezone: string): Promise<void> {
  try {
    await db.execute(enterInLedger(rows, timezone))
  } catch (error) {
    if (!isPassing(error)) throw error
    throw new AppError('dependency_down', 'The ledger is held by others', { cause: error })
  }
}

export async function reserveCall(
  db: Db,
  userId: number | null,
  call: UsageCall,
): Promise<UsageGrant | null> {
  const result = await db.execute(sql`select * from ${usageReserve(call, sql`${userId}`)} as reserved`)
  return rowsOf<UsageGrant>(result)[0] ?? null
}

export async function releaseCall(db: Db, id: string): Promise<void> {
  await db.execute(sql`select usage_release(${id}::uuid, true)`)
}

/** Gives back what is held for calls that take too long, at most `limit` of them; the number. */
export async function releaseExpired(db: Db, now: Date, limit: number): Promise<number> {
  const result = await db.execute(sql`
    select id, usage_release(id, false) as released from (
      select id from (
        select id, user_id, key_holder from usage_reservations
        where expires_at < ${now.toISOString()}::timestamptz order by expires_at limit ${limit}
      ) as expired order by user_id nulls first, key_holder nulls first
    ) as in_order`)
  return rowsOf(result).length
}

/** Those of calls that never came to an end. */
export async function deleteReservationsBefore(db: Db, before: Date): Promise<void> {
  await db.execute(sql`
    delete from usage_reservations where expires_at is null and created_at < ${before.toISOString()}::timestamptz`)
}

/** What somebody may use, and has used in the present day and month. Times are in milliseconds since 1970. */
export interface StoredQuota {
  plan: string
  limits: UsageLimits
  used: Record<LimitName, number>
  dayEndsAtMs: number
  monthEndsAtMs: number
}

export async function findQuota(
  db: Db,
  userId: number,
  { defaultPlan, timezone, now }: { defaultPlan: string; timezone: string; now: Date },
): Promise<StoredQuota | null> {
  const result = await db.execute(sql`
    with person as (
      select u.id, coalesce(u.plan, ${defaultPlan}::text) as plan, coalesce(o.limits, '{}') as overrides,
        coalesce(o.timezone, ${timezone}::text) as zone
      from users u left join quota_overrides o on o.user_id = u.id where u.id = ${userId}
    ), present as (
      select person.*, c.day_requests, c.day_tokens, c.day_cost, c.month_requests, c.month_tokens, c.month_cost,
        c.day as counted_day, (${now.toISOString()}::timestamptz at time zone zone)::date as today
      from person left join usage_counters c on c.holder = 'user:' || person.id
    ), counted as (
      select *, counted_day >= today as is_day, date_trunc('month', counted_day) >= date_trunc('month', today) as is_month
      from present
    )
    select plan,
      coalesce((select p.limits from plans p where p.name = plan),
        (select p.limits from plans p where p.name = 'free'), '{}') || overrides as limits,
      jsonb_build_object(
        'requests_day', case when is_day then day_requests else 0 end,
        'tokens_day', case when is_day then day_tokens else 0 end,
        'cost_day', case when is_day then day_cost else 0 end,
        'requests_month', case when is_month then month_requests else 0 end,
        'tokens_month', case when is_month then month_tokens else 0 end,
        'cost_month', case when is_month then month_cost else 0 end) as used,
      (extract(epoch from (today + 1)::timestamp at time zone zone) * 1000)::float8 as "dayEndsAtMs",
      (extract(epoch from (date_trunc('month', today::timestamp) + interval '1 month') at time zone zone) * 1000)::float8
        as "monthEndsAtMs"
    from counted`)
  return rowsOf<StoredQuota>(result)[0] ?? null
}

/** Throws when the database has no such time zone. */
export async function tryTimezone(db: Db, timezone: string): Promise<void> {
  await db.execute(sql`select now() at time zone ${timezone}::text as local`)
}

export async function hasPlan(db: Db, name: string): Promise<boolean> {
  return rowsOf(await db.execute(sql`select from plans where name = ${name}`)).length > 0
}
