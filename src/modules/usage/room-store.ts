import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import type { UsageLimits } from '../../db/usage-tables.ts'
import type { LimitName } from '../../lib/limit-names.ts'

export type Used = Record<LimitName, number>

/** What a person, and one of his keys, have used in the present day and month, with what is held for them. */
export interface StoredRoom {
  /** The person's, by plan and override. */
  limits: UsageLimits
  used: Used
  usedByKey: Used
}

export async function findRoom(
  db: Db,
  { userId, keyId }: { userId: number; keyId: string | null },
  { defaultPlan, timezone, now }: { defaultPlan: string; timezone: string; now: Date },
): Promise<StoredRoom | null> {
  const result = await db.execute(sql`
    with person as (
      select u.id, coalesce(p.limits, (select f.limits from plans f where f.name = 'free'), '{}')
        || coalesce(o.limits, '{}') as limits,
        (${now.toISOString()}::timestamptz at time zone coalesce(o.timezone, ${timezone}::text))::date as today
      from users u left join plans p on p.name = coalesce(u.plan, ${defaultPlan}::text)
        left join quota_overrides o on o.user_id = u.id
      where u.id = ${userId}
    )
    select limits, ${usedBy(sql`'user:' || person.id`)} as used, ${usedBy(sql`'key:' || ${keyId}::text`)} as "usedByKey"
    from person`)
  return rowsOf<StoredRoom>(result)[0] ?? null
}

/** Of windows that are over nothing is left. */
function usedBy(holder: SQL): SQL {
  return sql`coalesce((
    select jsonb_build_object(
      'requests_day', case when is_day then day_requests else 0 end,
      'tokens_day', case when is_day then day_tokens + day_held_tokens else 0 end,
      'cost_day', case when is_day then day_cost + day_held_cost else 0 end,
      'requests_month', case when is_month then month_requests else 0 end,
      'tokens_month', case when is_month then month_tokens + month_held_tokens else 0 end,
      'cost_month', case when is_month then month_cost + month_held_cost else 0 end)
    from (
      select *, day >= person.today as is_day, date_trunc('month', day) >= date_trunc('month', person.today) as is_month
      from usage_counters where holder = ${holder}
    ) as counted), '{"requests_day":0,"tokens_day":0,"cost_day":0,"requests_month":0,"tokens_month":0,"cost_month":0}')`
}
