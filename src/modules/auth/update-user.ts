import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { enqueueLetter } from '../mail/enqueue-letter.ts'
import { emailChangedLetter } from '../mail/letters.ts'
import { siteOf } from '../settings/read-settings.ts'
import { provePassword } from './prove-password.ts'
import { nameless, readDisplayName, readEmail, readPhone, readUsername } from './read-names.ts'
import { deleteResetToken, type UserColumns, updateUserRow } from './store.ts'
import type { User } from './user.ts'

/** What is undefined stays as it is; null takes it away. */
export interface UserChanges {
  email?: string | null | undefined
  phone?: string | null | undefined
  username?: string | null | undefined
  displayName?: string | null | undefined
  locale?: 'zh' | 'en' | undefined
  currentPassword: string | null
}

/**
 * Changes what a person is called. Another e-mail address or phone number asks for the password, as whoever has
 * those can take the account over; the former address gets a letter, and a reset link under way to it dies.
 * Throws `invalid_request` with a fault at the field, `rate_limited`, `email_taken`, `phone_taken`, `username_taken`.
 */
export async function updateUser(deps: Deps, user: User, changes: UserChanges): Promise<User> {
  const columns = readChanges(user, changes)
  const after = { ...user, ...columns }
  if (after.email === null && after.phone === null && after.username === null) {
    throw nameless()
  }
  if (Object.keys(columns).length === 0) return user
  if ('email' in columns || 'phone' in columns) await provePassword(deps, user.id, changes.currentPassword)
  const updated = await store(deps, user, columns)
  deps.credentialCache.forget((credential) => credential?.user.id === user.id)
  deps.outboxBell.ring()
  deps.log.info({ userId: user.id, changed: Object.keys(columns) }, 'account changed')
  return updated
}

/** Only what is different from what it was. */
function readChanges(user: User, changes: UserChanges): UserColumns {
  const { email, phone, username, displayName, locale } = changes
  const read: UserColumns = {
    ...(email !== undefined && { email: readEmail(email) }),
    ...(phone !== undefined && { phone: readPhone(phone) }),
    ...(username !== undefined && { username: readUsername(username) }),
    ...(displayName !== undefined && { displayName: readDisplayName(displayName) }),
    ...(locale !== undefined && { locale }),
  }
  return Object.fromEntries(
    Object.entries(read).filter(([name, value]) => value !== user[name as keyof UserColumns]),
  )
}

async function store(deps: Deps, user: User, columns: UserColumns): Promise<User> {
  const site = await siteOf(deps)
  return deps.db.transaction(async (tx) => {
    const updated = await updateUserRow(tx, user.id, columns)
    if (updated === null) throw new AppError('unauthenticated', 'The account has been closed')
    if ('email' in columns) await deleteResetToken(tx, user.id)
    if ('email' in columns && user.email !== null) {
      const letter = emailChangedLetter(site, user.email, user.locale)
      await enqueueLetter(deps, tx, letter, { expiresAt: null })
    }
    return updated
  })
}
