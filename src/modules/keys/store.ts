import { and, desc, eq, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { apiKeys } from '../../db/key-tables.ts'
import { rowsOf } from '../../db/rows.ts'
import type { KeyView } from './key.ts'

export interface NewKey extends Omit<KeyView, 'lastUsedAt'> {
  keyHash: string
}

/** False: this person has `maxKeys` already. Two at once are counted one after the other. */
export async function insertKey(db: Db, userId: number, key: NewKey, maxKeys: number): Promise<boolean> {
  const { rate, keyHash, ...fields } = key
  return db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from users where id = ${userId} for update`)
    const result = await tx.execute(
      sql`select count(*)::integer as count from api_keys where user_id = ${userId} and revoked_at is null`,
    )
    const [row] = rowsOf<{ count: number }>(result)
    if (row === undefined || row.count >= maxKeys) return false
    await tx.insert(apiKeys).values({ ...fields, ...ratesOf(rate), keyHash, userId })
    return true
  })
}

/** Those that were not revoked, the newest first. */
export async function listKeys(db: Db, userId: number): Promise<KeyView[]> {
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.id))
  return rows.map(toView)
}

export async function findKey(db: Db, userId: number, id: string): Promise<KeyView | null> {
  const [row] = await db.select().from(apiKeys).where(isOwn(userId, id))
  return row ? toView(row) : null
}

/** What is undefined stays as it is. */
export type KeyChanges = Partial<Omit<KeyView, 'id' | 'ending' | 'createdAt' | 'lastUsedAt'>>

/** null: this person has no such key. */
export async function updateKey(
  db: Db,
  userId: number,
  id: string,
  { rate, ...changes }: KeyChanges,
): Promise<KeyView | null> {
  const fields = { ...changes, ...(rate === undefined ? {} : ratesOf(rate)) }
  if (Object.values(fields).every((value) => value === undefined)) return findKey(db, userId, id)
  const [row] = await db.update(apiKeys).set(fields).where(isOwn(userId, id)).returning()
  return row ? toView(row) : null
}

/** False: this person has no such key. */
export async function revokeKey(db: Db, userId: number, id: string, revokedAt: Date): Promise<boolean> {
  const rows = await db
    .update(apiKeys)
    .set({ revokedAt })
    .where(isOwn(userId, id))
    .returning({ id: apiKeys.id })
  return rows.length > 0
}

/** At most `limit` of those that were revoked before; the number that went. */
export async function purgeKeys(db: Db, revokedBefore: Date, limit: number): Promise<number> {
  const old = db.select({ id: apiKeys.id }).from(apiKeys).where(lte(apiKeys.revokedAt, revokedBefore))
  const rows = await db
    .delete(apiKeys)
    .where(sql`${apiKeys.id} in (${old.limit(limit)})`)
    .returning({ id: apiKeys.id })
  return rows.length
}

function isOwn(userId: number, id: string): SQL | undefined {
  return and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt))
}

function ratesOf(rate: KeyView['rate']) {
  return { rateCount: rate?.count ?? null, rateSeconds: rate?.windowSeconds ?? null }
}

function toView(row: typeof apiKeys.$inferSelect): KeyView {
  const { id, name, ending, scopes, models, allowedAddresses, limits, expiresAt, createdAt, lastUsedAt } = row
  const rate =
    row.rateCount === null || row.rateSeconds === null
      ? null
      : { count: row.rateCount, windowSeconds: row.rateSeconds }
  return {
    id,
    name,
    ending,
    scopes,
    models,
    allowedAddresses,
    limits,
    rate,
    expiresAt,
    createdAt,
    lastUsedAt,
  }
}
