import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { countHit } from '../../lib/limits.ts'
import { isStorable, toEmail } from './identifiers.ts'
import { isPasswordCorrect, refreshPasswordHash } from './password.ts'
import { createSession, createTokenSession, type NewSession, type Tokens } from './sessions.ts'
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

export interface LoggedInWithTokens extends Tokens {
  user: User
}

/** Null when meanwhile the account was closed or its password changed. */
type Open<Session> = (user: User, provenHash: string) => Promise<Session | null>

/**
 * Opens a browser's session. Unknown and closed accounts, accounts without a password and wrong passwords look the same from
 * outside, in words and in work. Throws `invalid_credentials`, `rate_limited` (successes count too).
 */
export function logIn(deps: Deps, attempt: LogInAttempt, client: Client): Promise<LoggedIn> {
  return prove(deps, attempt, client, ({ id }, hash) => createSession(deps, id, hash, client))
}

/** The same for a program. */
export function logInWithTokens(
  deps: Deps,
  attempt: LogInAttempt,
  client: Client,
): Promise<LoggedInWithTokens> {
  return prove(deps, attempt, client, (user, hash) => createTokenSession(deps, user, hash, client))
}

async function prove<Session>(
  deps: Deps,
  { identifier, password }: LogInAttempt,
  client: Client,
  open: Open<Session>,
): Promise<Session & { user: User }> {
  const name = identifier.trim()
  if (name === '' || password === '') throw invalidCredentials()
  await countTries(deps, name, client)
  // The second try is for a password hash that was replaced between reading it and opening the session.
  const loggedIn = (await tryOnce(deps, name, password, open)) ?? (await tryOnce(deps, name, password, open))
  if (loggedIn === null) throw invalidCredentials()
  deps.log.info({ userId: loggedIn.user.id }, 'logged in')
  return loggedIn
}

async function countTries({ kv, config }: Deps, name: string, client: Client): Promise<void> {
  await countHit(kv, `rl:login:ip:${addressBucket(client.ip)}`, config.limits.loginIp)
  await countHit(kv, `rl:login:id:${name.normalize('NFKC').toLowerCase()}`, config.limits.loginId)
}

/** null: the password was right a moment ago, but has been changed meanwhile. Throws `invalid_credentials`. */
async function tryOnce<Session>(
  deps: Deps,
  name: string,
  password: string,
  open: Open<Session>,
): Promise<(Session & { user: User }) | null> {
  const account = await findAccount(deps, name)
  const hash = account?.user.isActive ? account.passwordHash : null
  const isCorrect = await isPasswordCorrect(deps, password, hash)
  if (account === null || hash === null || !isCorrect) {
    deps.log.info({ userId: account?.user.id ?? null }, 'log-in refused')
    throw invalidCredentials()
  }
  const session = await open(account.user, hash)
  if (session === null) return null
  await refreshPasswordHash(deps, account.user.id, password, hash)
  return { ...session, user: account.user }
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
