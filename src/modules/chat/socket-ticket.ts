import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import { countHit } from '../../lib/limits.ts'
import { createToken, hashToken } from '../../lib/tokens.ts'
import type { Credential } from '../auth/resolve-credential.ts'
import { resolveSession } from '../auth/resolve-session.ts'

/** For how long a ticket opens a socket. */
export const ticketLifeSeconds = 30

/** What opens one socket in the name of a session, for pages that can send neither cookie nor header with it. */
export async function createSocketTicket({ kv }: Pick<Deps, 'kv'>, sessionId: string): Promise<string> {
  const ticket = createToken()
  await kv.set(keyOf(ticket), sessionId, ticketLifeSeconds)
  return ticket
}

/** Whose ticket it is; it is used up by that. null: there is none such, any more. */
export async function takeSocketTicket(
  deps: Pick<Deps, 'kv' | 'db' | 'now' | 'credentialCache'>,
  ticket: string,
): Promise<Credential | null> {
  const key = keyOf(ticket)
  const sessionId = await deps.kv.get(key)
  // Of two who come with it at once only one takes it away.
  if (sessionId === null || !(await deps.kv.deleteIfEquals(key, sessionId))) return null
  return resolveSession(deps, sessionId)
}

/** A socket that is opened without any credential, to log in by its first frame. Throws `rate_limited`. */
export function countStranger({ kv, config }: Pick<Deps, 'kv' | 'config'>, ip: string): Promise<void> {
  return countHit(kv, `rl:ws:ip:${addressBucket(ip)}`, config.limits.apiAuthIp)
}

function keyOf(ticket: string): string {
  return `ws:ticket:${hashToken(ticket)}`
}
