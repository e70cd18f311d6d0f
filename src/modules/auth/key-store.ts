import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { apiKeys } from '../../db/key-tables.ts'
import { rowsOf } from '../../db/rows.ts'
import { users } from '../../db/tables.ts'
import type { KeyHolder } from './resolve-caller.ts'
import { toUser } from './user.ts'

/** A key that was not revoked, of an active user; it may have expired. */
export async function findKey(db: Db, keyHash: string): Promise<KeyHolder | null> {
  const [row] = await db
    .select({ user: users, key: apiKeys })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(and(eq(apiKeys.keyHash, keyHash), isNull(apiKeys.revokedAt), users.isActive))
  if (row === undefined) return null
  const { id, scopes, models, allowedAddresses, limits, rateCount, rateSeconds, expiresAt, lastUsedAt } =
    row.key
  const rate = rateCount && rateSeconds ? { count: rateCount, windowSeconds: rateSeconds } : null
  return {
    user: toUser(row.user),
    key: { id, scopes, models, allowedAddresses, limits, rate, expiresAt },
    lastUsedAt,
  }
}

/** Which of them still let somebody in. */
export async function findLivingKeys(db: Db, ids: string[], now: Date): Promise<string[]> {
  const result = await db.execute(sql`
    select k.id from api_keys k join users u on u.id = k.user_id
    where k.id = any(${`{${ids.join(',')}}`}::uuid[]) and k.revoked_at is null and u.is_active
      and (k.expires_at is null or k.expires_at > ${now.toISOString()}::timestamptz)`)
  return rowsOf<{ id: string }>(result).map(({ id }) => id)
}

/** In one order always: instances that write the same rows do not wait for each other in a circle. */
export async function touchKeys(db: Db, uses: { id: string; usedAt: Date }[]): Promise<void> {
  const latest = new Map<string, string>()
  for (const { id, usedAt } of uses) latest.set(id, usedAt.toISOString())
  const sorted = [...latest].sort(([a], [b]) => (a < b ? -1 : 1))
  await db.execute(sql`
    with uses as (
      select k.id, u.used_at from unnest(${`{${sorted.map(([id]) => id).join(',')}}`}::uuid[],
        ${`{${sorted.map(([, at]) => at).join(',')}}`}::timestamptz[]) as u(id, used_at)
      join api_keys k on k.id = u.id where k.last_used_at is null or k.last_used_at < u.used_at
      order by k.id for update of k
    )
    update api_keys set last_used_at = uses.used_at from uses where api_keys.id = uses.id`)
}
