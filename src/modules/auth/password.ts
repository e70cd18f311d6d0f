import type { Deps } from '../../deps.ts'
import { costOf, currentCost, decoyHash, type HashCost, isUpToDate } from './hash-cost.ts'
import { hashPassword, verifyHash } from './hashing.ts'
import { listHashCostPrefixes, replacePasswordHash } from './store.ts'

type PasswordDeps = Pick<Deps, 'db' | 'kv' | 'log' | 'hashMemory'>

const costsKey = 'auth:hash-costs'
const costsTtlSeconds = 600

/**
 * Whether the password belongs to the hash; never when there is none (`null`).
 *
 * The time it takes must not tell whether an account exists, nor how old its hash is. So each call does the same
 * work: one verification for each cost that hashes in the table have, the account's own hash among them, decoys for
 * the rest. A table of hashes of today's cost alone needs one. Imported hashes make every log-in dearer until the
 * last of them has been replaced.
 */
export async function isPasswordCorrect(
  deps: PasswordDeps,
  password: string,
  hash: string | null,
): Promise<boolean> {
  const own = hash === null ? null : costOf(hash)
  if (hash !== null && own === null) deps.log.warn('a stored password hash is of no known kind or too costly')
  let isCorrect = false
  for (const cost of await costsToPay(deps, own)) {
    const isOwn = hash !== null && cost.name === own?.name
    const matches = await verifyHash(deps, password, isOwn ? hash : decoyHash(cost), cost)
    if (isOwn) isCorrect = matches
  }
  return isCorrect
}

/** After a log-in: a hash of another strength than today's gives way to a new one. Failing is no harm. */
export async function refreshPasswordHash(
  deps: PasswordDeps,
  userId: number,
  password: string,
  hash: string,
): Promise<void> {
  if (isUpToDate(hash)) return
  try {
    const newHash = await hashPassword(deps, password)
    await replacePasswordHash(deps.db, userId, hash, newHash)
  } catch {
    deps.log.warn({ userId }, 'an old password hash could not be replaced, the next log-in will try again')
  }
}

async function costsToPay(deps: PasswordDeps, own: HashCost | null): Promise<HashCost[]> {
  const known = await knownCosts(deps)
  const isNew = own !== null && !known.some(({ name }) => name === own.name)
  if (!isNew) return known
  // Imported since the table was last looked at.
  await deps.kv.delete(costsKey)
  return [...known, own]
}

/** Today's cost and whatever else the table holds, in a fixed order. Reading the whole table is rarely worth it. */
async function knownCosts({ db, kv }: PasswordDeps): Promise<HashCost[]> {
  const kept = await kv.get(costsKey)
  if (kept !== null) return toCosts(kept.split(' '))
  const prefixes = await listHashCostPrefixes(db)
  await kv.set(costsKey, prefixes.join(' '), costsTtlSeconds)
  return toCosts(prefixes)
}

function toCosts(prefixes: string[]): HashCost[] {
  const costs = new Map([[currentCost.name, currentCost]])
  for (const prefix of prefixes) {
    const cost = costOf(prefix)
    if (cost !== null) costs.set(cost.name, cost)
  }
  return [...costs.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
