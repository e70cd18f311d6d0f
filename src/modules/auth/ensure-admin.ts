import type { Deps } from '../../deps.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { createUid } from '../../lib/ids.ts'
import { hashPassword } from './hashing.ts'
import { toEmail, toUsername } from './identifiers.ts'
import { isWeakPassword } from './password-policy.ts'
import { findAccountByEmail, findAccountByPhoneOrUsername, insertUser, setPasswordHash } from './store.ts'

/**
 * Creates the administrator that the settings name, unless an account has that e-mail address or username: what is
 * there is never changed. Throws when the settings name somebody who cannot be one.
 */
export async function ensureAdmin(
  deps: Pick<Deps, 'config' | 'db' | 'hashMemory' | 'log' | 'now'>,
): Promise<void> {
  const { admin } = deps.config.auth
  if (admin === null) return
  const email = admin.email && (toEmail(admin.email) ?? refuse('ADMIN_EMAIL is not an e-mail address'))
  const username =
    admin.username &&
    (toUsername(admin.username) ?? refuse('ADMIN_USERNAME must be 3 to 20 letters, digits or _'))
  if (email !== null && (await findAccountByEmail(deps.db, email)) !== null) return
  if (username !== null && (await findAccountByPhoneOrUsername(deps.db, username)) !== null) return
  if (isWeakPassword(admin.password, [email, username])) refuse('ADMIN_PASSWORD is too weak')
  const passwordHash = await hashPassword(deps, admin.password)
  await createAdmin(deps, email, username, passwordHash)
}

async function createAdmin(
  { db, now, log }: Pick<Deps, 'db' | 'now' | 'log'>,
  email: string | null,
  username: string | null,
  passwordHash: string,
): Promise<void> {
  const names = { email, username, phone: null, displayName: null }
  try {
    const userId = await db.transaction(async (tx) => {
      const user = await insertUser(tx, { ...names, uid: createUid(), role: 'admin', locale: 'zh' }, now())
      await setPasswordHash(tx, user.id, passwordHash, now())
      return user.id
    })
    log.info({ userId }, 'administrator created')
  } catch (error) {
    // Another instance that starts at the same time was faster.
    if (!(error instanceof AppError && taken.has(error.code))) throw error
  }
}

const taken: ReadonlySet<ErrorCode> = new Set(['email_taken', 'username_taken'])

function refuse(message: string): never {
  throw new Error(message)
}
