import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import { createAccessToken } from './create-access-token.ts'
import { dropSessions } from './drop-sessions.ts'
import { deleteSessionOfUsedToken, exchangeRefreshToken } from './session-store.ts'
import type { Tokens } from './sessions.ts'

const refreshTokenForm = /^[A-Za-z0-9_-]{43}$/

/**
 * New tokens for a refresh token, which is good for this once. One that comes back has been copied: nobody can tell
 * whose hands it is in, so the session ends and with it all its tokens. That also holds for two exchanges at the
 * same moment: one of them gets tokens, which are worth nothing by the time they arrive. Throws `unauthenticated`.
 */
export async function refreshSession(
  deps: Pick<Deps, 'db' | 'config' | 'now' | 'log' | 'credentialCache' | 'openStreams'>,
  refreshToken: string,
): Promise<Tokens> {
  if (!refreshTokenForm.test(refreshToken)) throw refused()
  const { refreshTokenTtlSeconds, refreshMaxSeconds } = deps.config.auth
  const tokenHash = hashToken(refreshToken)
  const next = createToken()
  const session = await exchangeRefreshToken(deps.db, tokenHash, {
    id: createId(),
    tokenHash: hashToken(next),
    ttlSeconds: refreshTokenTtlSeconds,
    maxSeconds: refreshMaxSeconds,
    now: deps.now(),
  })
  if (session === null) {
    await endIfUsed(deps, tokenHash)
    throw refused()
  }
  return { ...(await createAccessToken(deps, session.uid, session)), refreshToken: next }
}

async function endIfUsed(
  deps: Pick<Deps, 'db' | 'log' | 'credentialCache' | 'openStreams'>,
  tokenHash: string,
): Promise<void> {
  const ended = await deleteSessionOfUsedToken(deps.db, tokenHash)
  if (ended === null) return
  dropSessions(deps, [ended.id])
  const { id: sessionId, userId } = ended
  deps.log.warn({ userId, sessionId }, 'a refresh token came back, the session has been ended')
}

function refused(): AppError {
  return new AppError('unauthenticated', 'The refresh token is invalid or has run out: log in again')
}
