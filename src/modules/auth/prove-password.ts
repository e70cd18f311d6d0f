import type { Deps } from '../../deps.ts'
import type { AppError } from '../../errors.ts'
import { countHit } from '../../lib/limits.ts'
import { invalidField } from './invalid-field.ts'
import { isPasswordCorrect } from './password.ts'
import { findPasswordHash } from './store.ts'

/**
 * Asks somebody who is logged in for the password once more, and answers its hash. Tries count as log-ins do.
 * Throws `invalid_request` with a fault at `current_password`, `rate_limited`. Not `unauthenticated`: the session is
 * a good one, and stays.
 */
export async function provePassword(deps: Deps, userId: number, password: string | null): Promise<string> {
  if (password === null) throw invalidField('current_password', 'Current password required')
  await countHit(deps.kv, `rl:password:${userId}`, deps.config.limits.loginId)
  const hash = await findPasswordHash(deps.db, userId)
  const isCorrect = await isPasswordCorrect(deps, password, hash)
  if (isCorrect && hash !== null) return hash
  deps.log.info({ userId }, 'current password refused')
  throw wrongPassword()
}

export function wrongPassword(): AppError {
  return invalidField('current_password', 'The current password is wrong')
}
