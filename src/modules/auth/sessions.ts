import type { Deps } from '../../deps.ts'
import type { Client } from '../../lib/client.ts'
import { createId } from '../../lib/ids.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import { type AccessToken, createAccessToken } from './create-access-token.ts'
import { insertSession, type NewSessionRow, noteLogin } from './session-store.ts'
import type { User } from './user.ts'

type SessionDeps = Pick<Deps, 'db' | 'config' | 'now'>

export interface NewSession {
  /** For the visitor's cookie; nothing here keeps it. */
  token: string
  expiresAt: Date
}

export interface Tokens extends AccessToken {
  /** Good for one exchange; nothing here keeps it. */
  refreshToken: string
}

/**
 * Opens a browser's session, which runs for a fixed time; use does not prolong it. null when meanwhile the account
 * was closed or the password that was proven (`provenHash`) is not the account's any more. Without one (an account
 * made a moment ago) only the account itself is looked at.
 */
export async function createSession(
  { db, config, now }: SessionDeps,
  userId: number,
  provenHash: string | null,
  client: Client,
): Promise<NewSession | null> {
  const token = createToken()
  const session = rowOf(client, now(), config.auth.sessionTtlSeconds)
  const isOpen = await insertSession(
    db,
    userId,
    provenHash,
    { ...session, tokenHash: hashToken(token) },
    null,
  )
  if (!isOpen) return null
  await noteLogin(db, userId, session.createdAt)
  return { token, expiresAt: session.expiresAt }
}

/** The same for a program: without a cookie, prolonged by each refresh up to REFRESH_MAX_SECONDS after the log-in. */
export async function createTokenSession(
  deps: SessionDeps,
  { id, uid }: Pick<User, 'id' | 'uid'>,
  provenHash: string | null,
  client: Client,
): Promise<Tokens | null> {
  const { refreshTokenTtlSeconds, refreshMaxSeconds } = deps.config.auth
  const refreshToken = createToken()
  const first = { id: createId(), tokenHash: hashToken(refreshToken) }
  const session = rowOf(client, deps.now(), Math.min(refreshTokenTtlSeconds, refreshMaxSeconds))
  const isOpen = await insertSession(deps.db, id, provenHash, { ...session, tokenHash: null }, first)
  if (!isOpen) return null
  await noteLogin(deps.db, id, session.createdAt)
  return { ...(await createAccessToken(deps, uid, session)), refreshToken }
}

function rowOf(
  { userAgent, ip }: Client,
  createdAt: Date,
  ttlSeconds: number,
): Omit<NewSessionRow, 'tokenHash'> {
  const expiresAt = new Date(createdAt.getTime() + ttlSeconds * 1000)
  return { id: createId(), userAgent, ip, createdAt, expiresAt }
}
