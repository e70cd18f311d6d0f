import { type SQL, sql } from 'drizzle-orm'
import { numberKey, type Sorting, textKey } from '../../db/sorting.ts'
import { sessions } from '../../db/tables.ts'
import type { Order } from '../../lib/sorted-page.ts'

type PeopleSort = 'created' | 'name' | 'role' | 'plan' | 'status' | 'sessions' | 'last_seen' | 'last_login'
export type PeopleOrder = Order<PeopleSort>

/** Sessions of the person of the row that live. */
export function livingSessions(now: Date): SQL {
  return sql`from ${sessions} s where s.user_id = users.id and s.expires_at > ${now.toISOString()}::timestamptz`
}

/** To the minute; null: never. */
export function lastSeen(now: Date): SQL {
  return sql`greatest(users.last_seen_at, (select max(s.last_used_at) ${livingSessions(now)}))`
}

/** The order of accounts is that of their ids. */
export function peopleSorting({ by, isDescending }: PeopleOrder, now: Date): Sorting {
  return { key: keyOf(by, now), id: { of: sql`users.id`, type: 'bigint' }, isDescending }
}

function keyOf(by: PeopleOrder['by'], now: Date): Sorting['key'] {
  switch (by) {
    case 'created':
      return 'none'
    case 'name':
      return textKey(sql`coalesce(users.display_name, users.email, users.username, users.phone)`)
    case 'role':
      return textKey(sql`users.role`)
    case 'plan':
      return textKey(sql`users.plan`)
    case 'status':
      return numberKey(sql`users.is_active::integer`)
    case 'sessions':
      return numberKey(sql`select count(*) ${livingSessions(now)}`)
    case 'last_seen':
      return microseconds(lastSeen(now))
    case 'last_login':
      return microseconds(sql`users.last_login_at`)
  }
}

function microseconds(moment: SQL) {
  return numberKey(sql`coalesce((extract(epoch from ${moment}) * 1000000)::bigint, 0)`)
}

/** Of the others it is a number. */
export function isText({ by }: PeopleOrder): boolean {
  return by === 'name' || by === 'role' || by === 'plan'
}
