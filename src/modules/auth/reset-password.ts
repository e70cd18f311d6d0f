import type { Deps } from '../../deps.ts'
import type { AppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { countHit } from '../../lib/limits.ts'
import { hashToken } from '../../lib/tokens.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { resetDoneLetter } from '../mail/letters.ts'
import { siteOf } from '../settings/read-settings.ts'
import { dropSessions } from './drop-sessions.ts'
import { hashPassword } from './hashing.ts'
import { invalidField } from './invalid-field.ts'
import { isWeakPassword } from './password-policy.ts'
import { deleteUserSessions } from './session-store.ts'
import { findUserByResetToken, setPasswordHash, takeResetToken } from './store.ts'
import type { User } from './user.ts'

export interface PasswordReset {
  token: string
  password: string
}

/**
 * Sets a new password with the token from a mailed link, which works once, and ends all sessions of the person.
 * A weak password leaves the token as it is. Nobody is logged in by it. Throws `invalid_request` with a fault at
 * `password` (weak) or `token` (unknown, used or run out), and `rate_limited`.
 */
export async function resetPassword(
  deps: Deps,
  { token, password }: PasswordReset,
  client: Client,
): Promise<{ revokedSessions: number }> {
  if (isWeakPassword(password)) throw weakPassword()
  await countHit(deps.kv, `rl:reset:ip:${addressBucket(client.ip)}`, deps.config.limits.resetIp)
  const tokenHash = hashToken(token)
  const user = await findUserByResetToken(deps.db, tokenHash, deps.now())
  if (user === null) throw invalidToken()
  if (isWeakPassword(password, [user.email, user.phone, user.username])) throw weakPassword()
  const passwordHash = await hashPassword(deps, password)
  const ended = await changePassword(deps, user, tokenHash, passwordHash)
  dropSessions(
    deps,
    ended.map(({ id }) => id),
  )
  const revokedSessions = ended.filter(({ expiresAt }) => expiresAt > deps.now()).length
  deps.outboxBell.ring()
  deps.log.info({ userId: user.id, revokedSessions }, 'password reset')
  return { revokedSessions }
}

/** The token is taken here, in one piece with what it is good for; the hash is made before, outside. */
async function changePassword(
  deps: Deps,
  user: User,
  tokenHash: string,
  passwordHash: string,
): Promise<{ id: string; expiresAt: Date }[]> {
  const site = await siteOf(deps)
  return deps.db.transaction(async (tx) => {
    const now = deps.now()
    if (!(await takeResetToken(tx, user.id, tokenHash, now))) throw invalidToken()
    await setPasswordHash(tx, user.id, passwordHash, now)
    const revoked = deps.config.auth.resetRevokesSessions ? await deleteUserSessions(tx, user.id) : []
    if (user.email !== null) {
      const letter = resetDoneLetter(site, user.email, user.locale)
      await enqueueLetter(deps, tx, letter, { expiresAt: null })
    }
    return revoked
  })
}

function weakPassword(): AppError {
  return invalidField('password', 'Weak password')
}

function invalidToken(): AppError {
  return invalidField('token', 'Token invalid or expired')
}
