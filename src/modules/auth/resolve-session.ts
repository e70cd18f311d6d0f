import type { Deps } from '../../deps.ts'
import type { Credential } from './resolve-credential.ts'
import { findSession } from './session-store.ts'

/**
 * Who is behind a session that was shown to be theirs before (by whoever holds a socket). null: it has ended. The
 * answer is at most a second old.
 */
export async function resolveSession(
  { db, now, credentialCache }: Pick<Deps, 'db' | 'now' | 'credentialCache'>,
  sessionId: string,
): Promise<Credential | null> {
  const credential = await credentialCache.get(`session:${sessionId}`, () =>
    findSession(db, sessionId, now()),
  )
  return credential === null || credential.expiresAt <= now() ? null : credential
}
