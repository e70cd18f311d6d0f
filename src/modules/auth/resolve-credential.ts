import type { Deps } from '../../deps.ts'
import { hashToken } from '../../lib/tokens.ts'
import { findSession } from './store.ts'
import type { User } from './user.ts'

/** Somebody who is logged in, and by which session. */
export interface Credential {
  user: User
  sessionId: string
  expiresAt: Date
}

const tokenForm = /^[A-Za-z0-9_-]{43}$/

/**
 * Who presents this token: null when there is no such session, it has run out, was revoked, or its user is inactive.
 * The answer is at most a second old, so a revocation on any instance holds everywhere within a second.
 */
export async function resolveCredential(
  deps: Pick<Deps, 'db' | 'now' | 'credentialCache'>,
  token: string | null,
): Promise<Credential | null> {
  if (token === null || !tokenForm.test(token)) return null
  const tokenHash = hashToken(token)
  const credential = await deps.credentialCache.get(tokenHash, () =>
    findSession(deps.db, tokenHash, deps.now()),
  )
  if (credential === null || credential.expiresAt <= deps.now()) return null
  return credential
}
