import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { countHit } from '../../lib/limits.ts'
import { isStorable, toEmail } from './identifiers.ts'
import { isPasswordCorrect, refreshPasswordHash } from './password.ts'
import { createSession, type NewSession } from './sessions.ts'
import { type Account, findAccountByEmail, findAccountByPhoneOrUsername } from './store.ts'
import type { User } from './user.ts'

export interface LogInAttempt {
  /** E-mail address, phone number or username. */
  identifier: string
  password: string
}

export interface LoggedIn extends NewSession {
  user: User
}

/**
 * Opens a session. Unknown and closed accounts, accounts without a password and wrong passwords look the same from
 * outside, in words and in work. Throws `invalid_credentials`, `rate_limited` (successes count too).
 */
export async function logIn(
  deps: Deps,
  { identifier, password }: LogInAttempt,
  client: Client,
): Promise<LoggedIn> {
  const name = identifier.trim()
  if (name === '' || password === '') throw invalidCredentials()
  await countTries(deps, name, client)
  // The second try is for a password hash that was replaced between reading it and opening the session.
  const loggedIn =
    (await tryOnce(deps, name, password, client)) ?? (await tryOnce(deps, name, password, client))
  if (loggedIn === null) throw invalidCredentials()
  deps.log.info({ userId: loggedIn.user.id }, 'logged in')
  return loggedIn
}

async function countTries({ kv, config }: Deps, name: string, client: Client): Promise<void> {
  await countHit(kv, `rl:login:ip:${addressBucket(client.ip)}`, config.limits.loginIp)
  await countHit(kv, `rl:login:id:${name.normalize('NFKC').toLowerCase()}`, config.limits.loginId)
}

/** null: the password was right a moment ago, but has been changed meanwhile. Throws `invalid_credentials`. */
async function tryOnce(deps: Deps, name: string, password: string, client: Client): Promise<LoggedIn | null> {
  const account = await findAccount(deps, name)
  const hash = account?.user.isActive ? account.passwordHash : null
  const isCorrect = await isPasswordCorrect(deps, password, hash)
  if (account === null || hash === null || !isCorrect) {
    deps.log.info({ userId: account?.user.id ?? null }, 'log-in refused')
    throw invalidCredentials()
  }
  const session = await createSession(deps, account.user.id, hash, client)
  if (session === null) return null
  await refreshPasswordHash(deps, account.user.id, password, hash)
  return { user: account.user, ...session }
}

/** One query, whatever the name looks like. */
function findAccount({ db }: Deps, name: string): Promise<Account | null> {
  const email = toEmail(name)
  if (email !== null) return findAccountByEmail(db, email)
  return findAccountByPhoneOrUsername(db, isStorable(name) ? name : '')
}

function invalidCredentials(): AppError {
  return new AppError('invalid_credentials', 'Invalid credentials')
}
