import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { holds, isAfter, orderBy, placeOf } from '../../db/sorting.ts'
import { credentials, users } from '../../db/tables.ts'
import type { Position } from '../../lib/sorted-page.ts'
import { lastSeen, livingSessions, type PeopleOrder, peopleSorting } from './people-order-store.ts'
import { toUser, type User } from './user.ts'

/** A person as administrators see one. */
export interface Person extends User {
  /** Of those that live. */
  sessions: number
  /** null: never, or before this was written down. */
  lastLoginAt: Date | null
  /** To the minute. */
  lastSeenAt: Date | null
  hasPassword: boolean
}

export interface PeopleFilter {
  /** Part of a name, an address or a number, or the whole id. */
  search: string | null
  role: 'user' | 'admin' | null
  isActive: boolean | null
  /** null: any; `default`: whoever has none of his own. */
  plan: string | null
}

export interface PeoplePage {
  order: PeopleOrder
  after: Position | null
  limit: number
  now: Date
}

/** With what each was sorted by. */
export async function listPeople(
  db: Db,
  filter: PeopleFilter,
  { order, after, limit, now }: PeoplePage,
): Promise<{ person: Person; at: string }[]> {
  const { search, role, isActive, plan } = filter
  const sorting = peopleSorting(order, now)
  const rows = await selectPeople(
    db,
    and(
      isAfter(sorting, after),
      search === null ? undefined : matches(search),
      role === null ? undefined : eq(users.role, role),
      isActive === null ? undefined : eq(users.isActive, isActive),
      plan === null ? undefined : sql`coalesce(${users.plan}, 'default') = ${plan}`,
    ),
    now,
    placeOf(sorting),
  )
    .orderBy(orderBy(sorting))
    .limit(limit)
  return rows.map(({ at, ...row }) => ({ person: toPerson(row), at }))
}

export async function findPerson(db: Db, uid: string, now: Date): Promise<Person | null> {
  const [row] = await selectPeople(db, eq(users.uid, uid), now, sql<string>`''`)
  return row ? toPerson(row) : null
}

function selectPeople(db: Db, condition: SQL | undefined, now: Date, at: SQL<string>) {
  return db
    .select({
      user: users,
      sessions: sql<number>`(select count(*)::integer ${livingSessions(now)})`,
      lastSeenMs: sql<number | null>`extract(epoch from ${lastSeen(now)})::float8 * 1000`,
      hasPassword: sql<boolean>`exists (select 1 from ${credentials} c where c.user_id = users.id and c.type = 'password')`,
      at,
    })
    .from(users)
    .where(condition)
    .$dynamic()
}

function toPerson(row: {
  user: typeof users.$inferSelect
  sessions: number
  lastSeenMs: number | null
  hasPassword: boolean
}): Person {
  const { user, lastSeenMs, ...rest } = row
  return {
    ...toUser(user),
    ...rest,
    lastLoginAt: user.lastLoginAt,
    lastSeenAt: lastSeenMs === null ? null : new Date(lastSeenMs),
  }
}

function matches(search: string): SQL | undefined {
  const { uid, email, username, displayName, phone } = users
  return or(eq(uid, search), holds(search, [email, username, displayName, phone]))
}

/** Nobody changes this person until the transaction ends. */
export async function lockPerson(tx: Db, uid: string): Promise<User | null> {
  const [row] = await tx.select().from(users).where(eq(users.uid, uid)).for('update')
  return row ? toUser(row) : null
}

/** Nobody becomes or ceases to be an administrator until the transaction ends. The ids of those who can act. */
export async function lockAdmins(tx: Db): Promise<number[]> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), users.isActive))
    // Always in one order: two that do this do not wait for each other in a circle.
    .orderBy(users.id)
    .for('update')
  return rows.map(({ id }) => id)
}

export type PersonState = Pick<User, 'role' | 'plan' | 'isActive'>

export async function updatePerson(tx: Db, id: number, changes: Partial<PersonState>): Promise<User> {
  const [row] = await tx.update(users).set(changes).where(eq(users.id, id)).returning()
  if (row === undefined) throw new Error('the person was not there any more')
  return toUser(row)
}

export async function deletePerson(db: Db, id: number): Promise<void> {
  await db.delete(users).where(eq(users.id, id))
}

/** Whether there is an administrator who can log in. */
export async function hasAdmin(db: Db): Promise<boolean> {
  const result = await db.execute(sql`
    select 1 as one from ${users} u join ${credentials} c on c.user_id = u.id and c.type = 'password'
    where u.role = 'admin' and u.is_active limit 1`)
  return rowsOf(result).length > 0
}
