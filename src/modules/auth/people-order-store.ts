import { type SQL, sql } from 'drizzle-orm'
import { sessions } from '../../db/tables.ts'

export interface PeopleOrder {
  by: 'created' | 'name' | 'role' | 'plan' | 'status' | 'sessions' | 'last_seen' | 'last_login'
  isDescending: boolean
}

/** Where a page has ended. `at`: what its last row was sorted by, as text. */
export interface PeoplePosition {
  at: string
  id: number
}

/** Sessions of the person of the row that live. */
export function livingSessions(now: Date): SQL {
  return sql`from ${sessions} s where s.user_id = users.id and s.expires_at > ${now.toISOString()}::timestamptz`
}

/** To the minute; null: never. */
export function lastSeen(now: Date): SQL {
  return sql`greatest(users.last_seen_at, (select max(s.last_used_at) ${livingSessions(now)}))`
}

/** Neither null: rows are compared with the last of the page before. */
export function sortKey({ by }: PeopleOrder, now: Date): SQL {
  switch (by) {
    case 'created':
      return sql`0::bigint`
    case 'name':
      // Not so long that the cursor would be too long.
      return text(
        sql`left(lower(coalesce(users.display_name, users.email, users.username, users.phone, '')), 50)`,
      )
    case 'role':
      return text(sql`users.role`)
    case 'plan':
      return text(sql`coalesce(users.plan, '')`)
    case 'status':
      return sql`users.is_active::integer::bigint`
    case 'sessions':
      return sql`(select count(*) ${livingSessions(now)})`
    case 'last_seen':
      return microseconds(lastSeen(now))
    case 'last_login':
      return microseconds(sql`users.last_login_at`)
  }
}

/** In the same order on every database. */
function text(key: SQL): SQL {
  return sql`(${key}) collate "C"`
}

function microseconds(moment: SQL): SQL {
  return sql`coalesce((extract(epoch from ${moment}) * 1000000)::bigint, 0)`
}

/** Rows after `position`; whoever came later goes with what is more. */
export function isAfter(order: PeopleOrder, { at, id }: PeoplePosition, now: Date): SQL {
  const sign = order.isDescending ? sql`<` : sql`>`
  // The order of accounts is that of their ids, by which the database finds them at once.
  if (order.by === 'created') return sql`users.id ${sign} ${id}::bigint`
  const place = isText(order) ? sql`${at}::text collate "C"` : sql`${at}::text::bigint`
  return sql`(${sortKey(order, now)}, users.id) ${sign} (${place}, ${id}::bigint)`
}

export function orderBy(order: PeopleOrder, now: Date): SQL {
  const direction = order.isDescending ? sql`desc` : sql`asc`
  if (order.by === 'created') return sql`users.id ${direction}`
  return sql`${sortKey(order, now)} ${direction}, users.id ${direction}`
}

/** Of the others it is a number. */
export function isText({ by }: PeopleOrder): boolean {
  return by === 'name' || by === 'role' || by === 'plan'
}
