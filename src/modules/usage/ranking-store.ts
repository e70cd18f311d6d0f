import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { isAfter, numberKey, orderBy, placeOf, type Sorting } from '../../db/sorting.ts'
import type { Position } from '../../lib/sorted-page.ts'
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
  /** Where the page before has ended. */
  after: Position | null
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

/** `range` null: of all times. With what each was put in order by. */
export async function sumByPerson(
  db: Db,
  range: DayRange | null,
  { measure, limit, after, provider }: Ranking,
): Promise<(PersonSums & Position)[]> {
  const sorting = mostFirst(measure, { of: sql`coalesce(user_id, 0)`, type: 'bigint' })
  const result = await db.execute(sql`
    select u.uid, coalesce(u.email, u.username, u.phone) as name, most.* from (
      select *, coalesce(user_id, 0)::text as id, ${placeOf(sorting)} as at from (
        select s.user_id, ${sums} from ${ofPeople(range)} and ${ofProvider(provider)} group by 1
      ) as split where ${isAfter(sorting, after) ?? sql`true`} order by ${orderBy(sorting)} limit ${limit}
    ) as most left join users u on u.id = most.user_id order by ${orderBy(sorting)}`)
  return rowsOf(result)
}

export interface KeySums extends UsageSums {
  keyId: string
  /** null: the key is gone. */
  name: string | null
  uid: string | null
}

/** Of one person's keys, or everybody's. `range` null: of all times. With what each was put in order by. */
export async function sumByKey(
  db: Db,
  userId: number | null,
  range: DayRange | null,
  { measure, limit, after, provider }: Ranking,
): Promise<(KeySums & Position)[]> {
  const whose = userId === null ? sql`true` : sql`s.user_id = ${userId}`
  const sorting = mostFirst(measure, { of: sql`key_id`, type: 'uuid' })
  const result = await db.execute(sql`
    select most.key_id as "keyId", k.name, u.uid, most.* from (
      select *, key_id::text as id, ${placeOf(sorting)} as at from (
        select s.key_id, ${sums} from ${ofPeople(range)} and ${whose} and s.key_id is not null
          and ${ofProvider(provider)} group by 1
      ) as split where ${isAfter(sorting, after) ?? sql`true`} order by ${orderBy(sorting)} limit ${limit}
    ) as most left join api_keys k on k.id = most.key_id left join users u on u.id = k.user_id
    order by ${orderBy(sorting)}`)
  return rowsOf(result)
}

/** Those alike in the order of their ids. */
function mostFirst(measure: Measure, id: Sorting['id']): Sorting {
  return { key: numberKey(sql`-(${measures[measure]})`), id, isDescending: false }
}
