import { and, eq, gt, lte, or, sql } from 'drizzle-orm'
import { isCheckViolation } from '../../db/check-violation.ts'
import type { Db } from '../../db/db.ts'
import { credentials, passwordResetTokens, users } from '../../db/tables.ts'
import { isUniqueViolation } from '../../db/unique-violation.ts'
import { AppError } from '../../errors.ts'
import { costPrefixPattern } from './hash-cost.ts'
import { nameless } from './read-names.ts'
import { toUser, type User } from './user.ts'

// Accounts

export interface Account {
  user: User
  /** null: this person has no password. */
  passwordHash: string | null
}

/** By e-mail address (in lower case). */
export function findAccountByEmail(db: Db, email: string): Promise<Account | null> {
  return findAccount(db, eq(users.email, email))
}

/** By exact phone number or by username in any case and any Unicode form; a phone number goes first. */
export async function findAccountByPhoneOrUsername(db: Db, name: string): Promise<Account | null> {
  const byPhone = eq(users.phone, name)
  const byUsername = sql`lower(${users.username}) = lower(${name.normalize('NFKC')})`
  return findAccount(db, or(byPhone, byUsername), sql`${users.phone} is not distinct from ${name} desc`)
}

async function findAccount(
  db: Db,
  condition: ReturnType<typeof or>,
  order = sql`${users.id}`,
): Promise<Account | null> {
  const [row] = await db
    .select({ user: users, passwordHash: credentials.secretHash })
    .from(users)
    .leftJoin(credentials, and(eq(credentials.userId, users.id), eq(credentials.type, 'password')))
    .where(condition)
    .orderBy(order)
    .limit(1)
  return row ? { user: toUser(row.user), passwordHash: row.passwordHash } : null
}

/** null: none of his own, or no such user. */
export async function findPlan(db: Db, userId: number): Promise<string | null> {
  const [row] = await db.select({ plan: users.plan }).from(users).where(eq(users.id, userId))
  return row?.plan ?? null
}

export type NewUser = Pick<User, 'uid' | 'username' | 'email' | 'phone' | 'displayName' | 'role' | 'locale'>

export type UserColumns = Partial<Omit<NewUser, 'uid' | 'role'>>

/** Throws `email_taken`, `phone_taken`, `username_taken`: told by the database, as asking first would lose a race. */
export async function insertUser(db: Db, user: NewUser, createdAt: Date): Promise<User> {
  try {
    const [row] = await db
      .insert(users)
      .values({ ...user, createdAt })
      .returning()
    if (row === undefined) throw new Error('the new user was not returned')
    return toUser(row)
  } catch (error) {
    throw takenNameError(error) ?? error
  }
}

/**
 * What is not given stays; null: there is no such user. Throws `email_taken`, `phone_taken`, `username_taken`, and
 * `invalid_request` when the last name would go.
 */
export async function updateUserRow(db: Db, userId: number, changes: UserColumns): Promise<User | null> {
  try {
    const [row] = await db.update(users).set(changes).where(eq(users.id, userId)).returning()
    return row ? toUser(row) : null
  } catch (error) {
    if (isCheckViolation(error, 'users_have_a_name')) throw nameless()
    throw takenNameError(error) ?? error
  }
}

function takenNameError(error: unknown): AppError | null {
  if (isUniqueViolation(error, 'users_email_key')) {
    return new AppError('email_taken', 'Email already registered')
  }
  if (isUniqueViolation(error, 'users_phone_key')) {
    return new AppError('phone_taken', 'Phone already registered')
  }
  if (isUniqueViolation(error, 'users_username_key')) {
    return new AppError('username_taken', 'Username already registered')
  }
  return null
}

// Passwords

/** null: this person has none. */
export async function findPasswordHash(db: Db, userId: number): Promise<string | null> {
  const [row] = await db
    .select({ secretHash: credentials.secretHash })
    .from(credentials)
    .where(and(eq(credentials.userId, userId), eq(credentials.type, 'password')))
  return row?.secretHash ?? null
}

export async function setPasswordHash(db: Db, userId: number, hash: string, now: Date): Promise<void> {
  await db
    .insert(credentials)
    .values({ userId, type: 'password', secretHash: hash, createdAt: now })
    .onConflictDoUpdate({
      target: [credentials.userId, credentials.type],
      targetWhere: sql`${credentials.type} in ('password', 'totp', 'webauthn')`,
      set: { secretHash: hash },
    })
}

/** False: the password has been changed meanwhile, and stays. */
export async function replacePasswordHash(
  db: Db,
  userId: number,
  old: string,
  hash: string,
): Promise<boolean> {
  const rows = await db
    .update(credentials)
    .set({ secretHash: hash })
    .where(
      and(eq(credentials.userId, userId), eq(credentials.type, 'password'), eq(credentials.secretHash, old)),
    )
    .returning({ id: credentials.id })
  return rows.length > 0
}

/** One beginning of a hash for each cost in the table; reads the whole table. */
export async function listHashCostPrefixes(db: Db): Promise<string[]> {
  const prefix = sql<string | null>`substring(${credentials.secretHash} from ${costPrefixPattern})`
  const rows = await db.selectDistinct({ prefix }).from(credentials).where(eq(credentials.type, 'password'))
  return rows.flatMap((row) => row.prefix ?? [])
}

// Reset tokens

export interface ResetToken {
  tokenHash: string
  createdAt: Date
  expiresAt: Date
}

/** Takes the place of an earlier one. Nothing happens when there is no such active user. */
export async function replaceResetToken(db: Db, userId: number, token: ResetToken): Promise<void> {
  const createdAt = sql`${token.createdAt.toISOString()}::timestamptz`
  const expiresAt = sql`${token.expiresAt.toISOString()}::timestamptz`
  await db.execute(sql`
    insert into ${passwordResetTokens} (user_id, token_hash, created_at, expires_at)
    select ${users.id}, ${token.tokenHash}, ${createdAt}, ${expiresAt}
    from ${users} where ${users.id} = ${userId} and ${users.isActive}
    on conflict (user_id) do update set
      token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`)
}

/** The active user behind a living reset token. */
export async function findUserByResetToken(db: Db, tokenHash: string, now: Date): Promise<User | null> {
  const [row] = await db
    .select({ user: users })
    .from(passwordResetTokens)
    .innerJoin(users, eq(users.id, passwordResetTokens.userId))
    .where(
      and(
        eq(passwordResetTokens.tokenHash, tokenHash),
        gt(passwordResetTokens.expiresAt, now),
        users.isActive,
      ),
    )
  return row ? toUser(row.user) : null
}

/** True for exactly one of many callers with the same living token. */
export async function takeResetToken(db: Db, userId: number, tokenHash: string, now: Date): Promise<boolean> {
  const rows = await db
    .delete(passwordResetTokens)
    .where(
      and(
        eq(passwordResetTokens.userId, userId),
        eq(passwordResetTokens.tokenHash, tokenHash),
        gt(passwordResetTokens.expiresAt, now),
      ),
    )
    .returning({ userId: passwordResetTokens.userId })
  return rows.length > 0
}

/** A link that is under way works no more. */
export async function deleteResetToken(db: Db, userId: number): Promise<void> {
  await db.delete(passwordResetTokens).where(eq(passwordResetTokens.userId, userId))
}

export async function deleteExpiredResetTokens(db: Db, now: Date): Promise<void> {
  await db.delete(passwordResetTokens).where(lte(passwordResetTokens.expiresAt, now))
}
