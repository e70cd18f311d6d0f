import type { Deps } from '../../deps.ts'
import { readAccessToken } from '../../lib/access-token.ts'
import { hashToken } from '../../lib/tokens.ts'
import { dropSessions } from './drop-sessions.ts'
import type { Presented } from './resolve-credential.ts'
import { deletePresentedSessions } from './session-store.ts'

export interface Leaving extends Presented {
  refreshToken: string | null
}

/**
 * Ends each session that is shown, by whatever is shown of it: an access token that has run out will do, and a
 * refresh token that was exchanged already. Nothing happens when there is none.
 */
export async function logOut(
  deps: Pick<Deps, 'config' | 'db' | 'now' | 'log' | 'credentialCache' | 'openStreams'>,
  { cookie, bearer, refreshToken }: Leaving,
): Promise<void> {
  const claims = bearer ? await readAccessToken(deps.config.secretKey, bearer, deps.now()) : null
  if (!cookie && !refreshToken && claims === null) return
  const ended = await deletePresentedSessions(deps.db, {
    id: claims?.sessionId ?? null,
    tokenHash: cookie ? hashToken(cookie) : null,
    refreshTokenHash: refreshToken ? hashToken(refreshToken) : null,
  })
  dropSessions(deps, ended)
}
