import { and, desc, eq, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { credentials, refreshTokens, sessions, users } from '../../db/tables.ts'
import type { Credential } from './resolve-credential.ts'
import { toUser } from './user.ts'

export interface NewSessionRow {
  id: string
  /** null: a program's. */
  tokenHash: string | null
  userAgent: string | null
  ip: string
  createdAt: Date
  expiresAt: Date
}

/**
 * With its first refresh token, if it is a program's. False: the account is closed, or `provenHash` (when given) is
 * not its password's hash any more. The locks make a change of password at this very moment either come first, and
 * be seen, or come after, and find this session.
 */
export async function insertSession(
  db: Db,
  userId: number,
  provenHash: string | null,
  session: NewSessionRow,
  refreshToken: { id: string; tokenHash: string } | null,
): Promise<boolean> {
  const whileProven =
    provenHash === null
      ? sql``
      : sql`join ${credentials} on ${credentials.userId} = ${users.id}
          and ${credentials.type} = 'password' and ${credentials.secretHash} = ${provenHash}`
  const createdAt = moment(session.createdAt)
  const opened = sql`
    insert into ${sessions} (id, token_hash, user_id, user_agent, ip, created_at, last_used_at, expires_at)
    select ${session.id}::uuid, ${session.tokenHash}, ${users.id}, ${session.userAgent}, ${session.ip},
      ${createdAt}, ${createdAt}, ${moment(session.expiresAt)}
    from ${users} ${whileProven} where ${users.id} = ${userId} and ${users.isActive} for share
    returning id, created_at, expires_at`
  const statement =
    refreshToken === null
      ? opened
      : sql`with opened as (${opened})
          insert into ${refreshTokens} (id, token_hash, session_id, created_at, expires_at)
          select ${refreshToken.id}::uuid, ${refreshToken.tokenHash}, id, created_at, expires_at from opened
          returning session_id`
  return rowsOf(await db.execute(statement)).length > 0
}

/** A browser's living session of an active user. */
export function findSessionByToken(db: Db, tokenHash: string, now: Date): Promise<Credential | null> {
  return findLiving(db, eq(sessions.tokenHash, tokenHash), now)
}

/** A living session of an active user. */
export function findSession(db: Db, id: string, now: Date): Promise<Credential | null> {
  return findLiving(db, eq(sessions.id, id), now)
}

async function findLiving(db: Db, condition: SQL, now: Date): Promise<Credential | null> {
  const { id: sessionId, expiresAt, lastUsedAt } = sessions
  const [row] = await db
    .select({ user: users, sessionId, expiresAt, lastUsedAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(condition, gt(sessions.expiresAt, now), users.isActive))
  return row ? { ...row, user: toUser(row.user) } : null
}

/** Which of them live still, their users being active. */
export async function findLivingSessions(db: Db, ids: string[], now: Date): Promise<string[]> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        sql`${sessions.id} = any(${`{${ids.join(',')}}`}::uuid[])`,
        gt(sessions.expiresAt, now),
        users.isActive,
      ),
    )
  return rows.map(({ id }) => id)
}

/** Unless its last use was after `before`. So is its owner seen. */
export async function touchSession(db: Db, id: string, usedAt: Date, before: Date): Promise<void> {
  const moment = (at: Date) => sql`${at.toISOString()}::timestamptz`
  await db.execute(sql`
    with touched as (
      update sessions set last_used_at = ${moment(usedAt)}
      where id = ${id}::uuid and last_used_at <= ${moment(before)} returning user_id
    )
    update users set last_seen_at = ${moment(usedAt)} from touched
    where users.id = touched.user_id and coalesce(users.last_seen_at, '-infinity') <= ${moment(before)}`)
}

/** Somebody has logged in. */
export async function noteLogin(db: Db, userId: number, at: Date): Promise<void> {
  await db.update(users).set({ lastLoginAt: at, lastSeenAt: at }).where(eq(users.id, userId))
}

/** Those with that id, with that cookie and with that refresh token; the ids of those that were there. */
export async function deletePresentedSessions(
  db: Db,
  shown: { id: string | null; tokenHash: string | null; refreshTokenHash: string | null },
): Promise<string[]> {
  const result = await db.execute(sql`
    delete from ${sessions} where id = ${shown.id}::uuid or token_hash = ${shown.tokenHash} or id in
      (select session_id from ${refreshTokens} where token_hash = ${shown.refreshTokenHash})
    returning id`)
  return rowsOf<{ id: string }>(result).map(({ id }) => id)
}

/** All of a person's, but for `exceptId`. */
export async function deleteUserSessions(
  db: Db,
  userId: number,
  exceptId: string | null = null,
): Promise<{ id: string; expiresAt: Date }[]> {
  const others = exceptId === null ? undefined : sql`${sessions.id} <> ${exceptId}`
  return db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), others))
    .returning({ id: sessions.id, expiresAt: sessions.expiresAt })
}

export interface SessionView {
  id: string
  userAgent: string | null
  ip: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
}

/** Those that live, the last used ones first. */
export async function listUserSessions(
  db: Db,
  userId: number,
  now: Date,
  limit: number,
): Promise<SessionView[]> {
  const { id, userAgent, ip, createdAt, lastUsedAt, expiresAt } = sessions
  return db
    .select({ id, userAgent, ip, createdAt, lastUsedAt, expiresAt })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastUsedAt), desc(sessions.id))
    .limit(limit)
}

/** False: this person has no such session. */
export async function deleteUserSession(db: Db, userId: number, id: string): Promise<boolean> {
  const rows = await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), eq(sessions.id, id)))
    .returning({ id: sessions.id })
  return rows.length > 0
}

/** At most `limit` of the oldest; the number that went. */
export async function deleteExpiredSessions(db: Db, now: Date, limit: number): Promise<number> {
  const expired = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(lte(sessions.expiresAt, now))
    .orderBy(sessions.expiresAt)
    .limit(limit)
  const rows = await db.delete(sessions).where(inArray(sessions.id, expired)).returning({ id: sessions.id })
  return rows.length
}

// Refresh tokens

interface NextRefreshToken {
  id: string
  tokenHash: string
  ttlSeconds: number
  /** From the log-in on. */
  maxSeconds: number
  now: Date
}

/**
 * Marks a living token as used, stores the next one and prolongs the session; null: there was nothing to exchange.
 * Of many callers with the same token exactly one gets an answer. The session is locked before its token, as when it
 * is deleted: the other way round the two could wait for each other.
 */
export async function exchangeRefreshToken(
  db: Db,
  tokenHash: string,
  next: NextRefreshToken,
): Promise<{ id: string; uid: string; expiresAt: Date } | null> {
  const now = moment(next.now)
  const result = await db.execute(sql`
    with living as (
      select s.id, u.uid from ${refreshTokens} r
      join ${sessions} s on s.id = r.session_id join ${users} u on u.id = s.user_id
      where r.token_hash = ${tokenHash} and s.expires_at > ${now} and u.is_active
      for update of s
    ), used as (
      update ${refreshTokens} r set used_at = ${now} from living
      where r.session_id = living.id and r.token_hash = ${tokenHash} and r.used_at is null and r.expires_at > ${now}
      returning r.session_id
    ), prolonged as (
      update ${sessions} s set last_used_at = ${now}, expires_at = least(
        ${now} + make_interval(secs => ${next.ttlSeconds}), s.created_at + make_interval(secs => ${next.maxSeconds}))
      from used where s.id = used.session_id
      returning s.id, s.expires_at
    ), stored as (
      insert into ${refreshTokens} (id, token_hash, session_id, created_at, expires_at)
      select ${next.id}::uuid, ${next.tokenHash}, id, ${now}, expires_at from prolonged
      returning session_id
    )
    select living.id, living.uid, (extract(epoch from prolonged.expires_at) * 1000)::float8 as expires_at_ms from living join prolonged on prolonged.id = living.id`)
  const [row] = rowsOf<{ id: string; uid: string; expires_at_ms: number }>(result)
  return row ? { id: row.id, uid: row.uid, expiresAt: new Date(row.expires_at_ms) } : null
}

/** The session that went, with all its tokens; null: that token was never used, or is unknown. */
export async function deleteSessionOfUsedToken(
  db: Db,
  tokenHash: string,
): Promise<{ id: string; userId: number } | null> {
  const used = db
    .select({ id: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(and(eq(refreshTokens.tokenHash, tokenHash), sql`${refreshTokens.usedAt} is not null`))
  const [row] = await db
    .delete(sessions)
    .where(inArray(sessions.id, used))
    .returning({ id: sessions.id, userId: sessions.userId })
  return row ?? null
}

/** At most `limit` of the oldest; the number that went. */
export async function deleteExpiredRefreshTokens(db: Db, now: Date, limit: number): Promise<number> {
  const expired = db
    .select({ id: refreshTokens.id })
    .from(refreshTokens)
    .where(lte(refreshTokens.expiresAt, now))
    .orderBy(refreshTokens.expiresAt)
    .limit(limit)
  const rows = await db
    .delete(refreshTokens)
    .where(inArray(refreshTokens.id, expired))
    .returning({ id: refreshTokens.id })
  return rows.length
}

function moment(date: Date): SQL {
  return sql`${date.toISOString()}::timestamptz`
}
