import type { Deps } from '../../deps.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { resetDoneLetter } from '../mail/letters.ts'
import { siteOf } from '../settings/read-settings.ts'
import { dropSessions } from './drop-sessions.ts'
import { hashPassword } from './hashing.ts'
import { invalidField } from './invalid-field.ts'
import { isWeakPassword } from './password-policy.ts'
import { provePassword, wrongPassword } from './prove-password.ts'
import type { Credential } from './resolve-credential.ts'
import { deleteUserSessions } from './session-store.ts'
import { deleteResetToken, replacePasswordHash } from './store.ts'

export interface PasswordChange {
  currentPassword: string
  newPassword: string
}

/**
 * Sets a new password for somebody who knows the present one. All sessions but the one that asks end, and a reset
 * link under way dies. Throws `invalid_request` with a fault at `new_password` (weak) or `current_password`,
 * `rate_limited`.
 */
export async function changePassword(
  deps: Deps,
  { user, sessionId }: Pick<Credential, 'user' | 'sessionId'>,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  if (isWeakPassword(newPassword, [user.email, user.phone, user.username])) {
    throw invalidField('new_password', 'Weak password')
  }
  const provenHash = await provePassword(deps, user.id, currentPassword)
  const passwordHash = await hashPassword(deps, newPassword)
  const site = await siteOf(deps)
  const ended = await deps.db.transaction(async (tx) => {
    // Another change may have come between: then the password that was proven is not the present one.
    if (!(await replacePasswordHash(tx, user.id, provenHash, passwordHash))) throw wrongPassword()
    await deleteResetToken(tx, user.id)
    if (user.email !== null) {
      const letter = resetDoneLetter(site, user.email, user.locale)
      await enqueueLetter(deps, tx, letter, { expiresAt: null })
    }
    return deleteUserSessions(tx, user.id, sessionId)
  })
  dropSessions(
    deps,
    ended.map(({ id }) => id),
  )
  deps.outboxBell.ring()
  deps.log.info({ userId: user.id, endedSessions: ended.length }, 'password changed')
}
