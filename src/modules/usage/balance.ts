import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { pageOf, readIdCursor } from '../../lib/id-page.ts'
import { createId, isId } from '../../lib/ids.ts'
import { countHit } from '../../lib/limits.ts'
import { hashToken } from '../../lib/tokens.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { type BalanceEntry, findBalance, grant, listEntries, redeem } from './balance-store.ts'
import { tellOfQuota } from './tell-of-quota.ts'
import { readCode } from './top-up-codes.ts'

/** What somebody has paid in and not used, in millionths of the currency. */
export function getBalance({ db }: Pick<Deps, 'db'>, userId: number): Promise<number> {
  return findBalance(db, userId)
}

/** Why it is what it is, the newest first. Throws `invalid_request` for what is no cursor. */
export async function listBalanceEntries(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ items: BalanceEntry[]; nextCursor: string | null }> {
  const beforeId = readIdCursor(cursor, isId)
  return pageOf(await listEntries(db, userId, { beforeId, limit: limit + 1 }), limit)
}

/**
 * Pays a top-up code in, once. Throws `not_found`, the same whether there never was such a code or nothing is left of
 * it; `conflict` for one that this person has redeemed; `rate_limited` for whoever tries many.
 */
export async function redeemCode(
  deps: Pick<Deps, 'db' | 'kv' | 'config' | 'now'>,
  userId: number,
  text: string,
): Promise<{ micros: number; addedMicros: number }> {
  await countHit(deps.kv, `rl:redeem:user:${userId}`, deps.config.limits.redeemUser)
  const code = readCode(text)
  const redemption = { id: createId(), userId, codeHash: hashToken(code), now: deps.now() }
  const redeemed = await redeem(deps.db, redemption)
  if (redeemed === 'redeemed') throw new AppError('conflict', 'You have redeemed this code')
  if (redeemed === 'none') throw new AppError('not_found', 'No such code, or nothing is left of it')
  tellOfQuota(deps, userId)
  return redeemed
}

/** No balance of anybody comes near to it, and sums stay exact. */
export const mostMicros = 1_000_000_000_000

/** Adds to a balance, or takes from it, in a transaction. Returns what it is then. Throws `invalid_request`. */
export async function grantBalance(
  { now }: Pick<Deps, 'now'>,
  tx: Db,
  userId: number,
  micros: number,
): Promise<number> {
  if (micros === 0) throw invalidField('micros', 'Expected more or less than nothing')
  const balance = await grant(tx, { id: createId(), userId, micros, now: now() })
  if (Math.abs(balance) > mostMicros)
    throw invalidField('micros', `The balance would be beyond ${mostMicros}`)
  return balance
}
