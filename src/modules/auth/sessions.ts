import type { Deps } from '../../deps.ts'
import type { Client } from '../../lib/client.ts'
import { createId } from '../../lib/ids.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import { insertSession } from './store.ts'

export interface NewSession {
  /** For the visitor's cookie; nothing here keeps it. */
  token: string
  expiresAt: Date
}

/**
 * Opens a session, which runs for a fixed time; use does not prolong it. null when meanwhile the account was closed
 * or the password that was proven (`provenHash`) is not the account's any more. Without one (an account made a
 * moment ago) only the account itself is looked at.
 */
export async function createSession(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  userId: number,
  provenHash: string | null,
  client: Client,
): Promise<NewSession | null> {
  const token = createToken()
  const createdAt = now()
  const expiresAt = new Date(createdAt.getTime() + config.auth.sessionTtlSeconds * 1000)
  const isOpen = await insertSession(db, userId, provenHash, {
    id: createId(),
    tokenHash: hashToken(token),
    userAgent: client.userAgent,
    ip: client.ip,
    createdAt,
    expiresAt,
  })
  return isOpen ? { token, expiresAt } : null
}
