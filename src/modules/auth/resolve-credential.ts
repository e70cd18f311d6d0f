import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readAccessToken } from '../../lib/access-token.ts'
import { describeError } from '../../lib/describe-error.ts'
import { hashToken } from '../../lib/tokens.ts'
import { findSession, findSessionByToken, touchSession } from './session-store.ts'
import type { User } from './user.ts'

/** Somebody who is logged in, and by which session. */
export interface Credential {
  user: User
  /** What outlasts its request is watched by it: see `watchSession`. */
  sessionId: string
  /** When it stops being good by itself: the end of the session, or of the access token, which comes sooner. */
  expiresAt: Date
  /** The session's, to the minute. */
  lastUsedAt: Date
}

/** What a request or a socket carries to show who it is. */
export interface Presented {
  /** The token in the cookie. */
  cookie: string | null
  /** The access token behind `Bearer`; null: no such header, empty: one without a token. */
  bearer: string | null
}

type ResolveDeps = Pick<Deps, 'config' | 'db' | 'now' | 'log' | 'credentialCache'>

const cookieForm = /^[A-Za-z0-9_-]{43}$/
const accessTokenForm = /^[\w-]{1,512}\.[\w-]{1,2048}\.[\w-]{43}$/
const useIsWrittenEveryMs = 60_000

/**
 * Who presents this, in whatever way; null: nobody (no such session, run out, revoked, inactive user). A Bearer token
 * counts alone, also a wrong one beside a good cookie: a request that brings one was not put together by a browser,
 * and is not checked for another site behind it. Throws `token_expired` for an access token that has run out.
 *
 * The answer is at most a second old, so a revocation on any instance holds everywhere within a second.
 */
export async function resolveToken(
  deps: ResolveDeps,
  { cookie, bearer }: Presented,
): Promise<Credential | null> {
  const credential =
    bearer === null ? await resolveCookie(deps, cookie) : await resolveAccessToken(deps, bearer)
  if (credential !== null) noteUse(deps, credential)
  return credential
}

async function resolveCookie(deps: ResolveDeps, token: string | null): Promise<Credential | null> {
  if (token === null || !cookieForm.test(token)) return null
  const tokenHash = hashToken(token)
  const credential = await deps.credentialCache.get(`cookie:${tokenHash}`, () =>
    findSessionByToken(deps.db, tokenHash, deps.now()),
  )
  if (credential === null || credential.expiresAt <= deps.now()) return null
  return credential
}

async function resolveAccessToken(deps: ResolveDeps, token: string): Promise<Credential | null> {
  if (!accessTokenForm.test(token)) return null
  const credential = await deps.credentialCache.get(`bearer:${hashToken(token)}`, () =>
    findByAccessToken(deps, token),
  )
  if (credential !== null && credential.expiresAt <= deps.now()) throw tokenExpired()
  return credential
}

async function findByAccessToken({ config, db, now }: ResolveDeps, token: string) {
  const claims = await readAccessToken(config.secretKey, token, now())
  if (claims === null) return null
  if (claims.expiresAt <= now()) throw tokenExpired()
  const session = await findSession(db, claims.sessionId, now())
  if (session === null || session.user.uid !== claims.uid) return null
  return { ...session, expiresAt: claims.expiresAt }
}

/** Beside the request and at most once a minute: nobody waits for it, and nothing is lost when it fails. */
function noteUse({ db, now, log }: ResolveDeps, credential: Credential): void {
  const usedAt = now()
  if (usedAt.getTime() - credential.lastUsedAt.getTime() < useIsWrittenEveryMs) return
  // Whoever shares this answer within its second need not write too.
  credential.lastUsedAt = usedAt
  const before = new Date(usedAt.getTime() - useIsWrittenEveryMs)
  touchSession(db, credential.sessionId, usedAt, before).catch((error) => {
    log.warn({ error: describeError(error) }, 'the last use of a session could not be written down')
  })
}

function tokenExpired(): AppError {
  return new AppError('token_expired', 'The access token has run out: refresh it')
}
