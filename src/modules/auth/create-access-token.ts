import type { Deps } from '../../deps.ts'
import { signAccessToken } from '../../lib/access-token.ts'

export interface AccessToken {
  accessToken: string
  expiresInSeconds: number
}

/** For a session; it does not outlast it. */
export async function createAccessToken(
  { config, now }: Pick<Deps, 'config' | 'now'>,
  uid: string,
  session: { id: string; expiresAt: Date },
): Promise<AccessToken> {
  const issuedAt = now()
  const secondsLeft = Math.floor((session.expiresAt.getTime() - issuedAt.getTime()) / 1000)
  const expiresInSeconds = Math.min(config.auth.accessTokenTtlSeconds, secondsLeft)
  const expiresAt = new Date(issuedAt.getTime() + expiresInSeconds * 1000)
  const claims = { uid, sessionId: session.id, expiresAt }
  return { accessToken: await signAccessToken(config.secretKey, claims, issuedAt), expiresInSeconds }
}
