import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { type DayRange, inRange, ofProvider, sums, type UsageSums } from './statistics-store.ts'

/** What people are put in order by, the most first. */
export type Measure = 'tokens' | 'calls' | 'cost'

const measures: Record<Measure, SQL> = {
  tokens: sql`"promptTokens" + "completionTokens"`,
  calls: sql`calls`,
  cost: sql`"costMicros"`,
}

export interface Ranking {
  measure: Measure
  limit: number
  /** null: of all. */
  provider: string | null
}

export interface PersonSums extends UsageSums {
  /** null: visitors without an account, or somebody who is gone. */
  uid: string | null
  name: string | null
}

/** Whether nothing was used on any other day. */
export async function isAll(db: Db, { from, to }: DayRange): Promise<boolean> {
  const result = await db.execute(sql`
    select coalesce(bool_and(used.first >= ${from}::date and used.last <= ${to}::date), true) as "isAll"
    from generate_series(9, 16) as part(shard), lateral (
      select min(s.day) as first, max(s.day) as last from usage_sums s
      where s.shard = part.shard and s.user_id is null
    ) as used`)
  return rowsOf<{ isAll: boolean }>(result)[0]?.isAll ?? true
}

/** Each person's, of these days or, where there are none, of all times. */
function ofPeople(range: DayRange | null): SQL {
  return range === null
    ? sql`usage_totals s where true`
    : sql`usage_sums s where s.shard = 0 and ${inRange(range)}`
}

/** `range` null: of all times. */
export async function sumByPerson(
  db: Db,
  range: DayRange | null,
  { measure, limit, provider }: Ranking,
): Promise<PersonSums[]> {
  const result = await db.execute(sql`
    select u.uid, coalesce(u.email, u.username, u.phone) as name, most.* from (
      select * from (
        select s.user_id, ${sums} from ${ofPeople(range)} and ${ofProvider(provider)} group by 1
      ) as split order by ${measures[measure]} desc, user_id limit ${limit}
    ) as most left join users u on u.id = most.user_id order by ${measures[measure]} desc, most.user_id`)
  return rowsOf(result)
}

export interface KeySums extends UsageSums {
  keyId: string
  /** null: the key is gone. */
  name: string | null
  uid: string | null
}

/** Of one person's keys, or everybody's. `range` null: of all times. */
export async function sumByKey(
  db: Db,
  userId: number | null,
  range: DayRange | null,
  { measure, limit, provider }: Ranking,
): Promise<KeySums[]> {
  const whose = userId === null ? sql`true` : sql`s.user_id = ${userId}`
  const result = await db.execute(sql`
    select most.key_id as "keyId", k.name, u.uid, most.* from (
      select * from (
        select s.key_id, ${sums} from ${ofPeople(range)} and ${whose} and s.key_id is not null
          and ${ofProvider(provider)} group by 1
      ) as split order by ${measures[measure]} desc, key_id limit ${limit}
    ) as most left join api_keys k on k.id = most.key_id left join users u on u.id = k.user_id
    order by ${measures[measure]} desc, most.key_id`)
  return rowsOf(result)
}
