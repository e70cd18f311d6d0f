import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { countHit } from '../../lib/limits.ts'
import { credentialOf } from '../../modules/auth/guard.ts'

/** Nobody who is logged in: both are null. */
export interface Asker {
  userId: number | null
  /** What is answered ends with it. */
  sessionId: string | null
}

/**
 * Whether this visitor may ask the model now, and who it is; counts the question. Throws `forbidden`, `rate_limited`,
 * `shutting_down`, and `dependency_down` where the answer hangs on an account that cannot be looked up.
 * Never `unauthenticated`: that would send the live front end to its login page. Only a program, whose access token has
 * run out, hears `token_expired`.
 */
export async function admitChat(deps: Deps, request: Request, client: Client): Promise<Asker> {
  assertNotDraining(deps.lifecycle)
  const { anonymousChat } = deps.config.cloudchat
  const asker = await findAsker(deps, request, anonymousChat)
  const { userId } = asker
  if (userId === null && !anonymousChat) throw new AppError('forbidden', 'Login required')
  const { chatIp, chatTotal } = deps.config.limits
  await countHit(deps.kv, `rl:chat:ip:${addressBucket(client.ip)}`, chatIp)
  if (userId === null) await countHit(deps.kv, 'rl:chat:total', chatTotal)
  return asker
}

const nobody: Asker = { userId: null, sessionId: null }

/** Without a database nobody is logged in, as long as one need not be: the chat goes on. */
async function findAsker(deps: Deps, request: Request, anonymousChat: boolean): Promise<Asker> {
  try {
    const credential = await credentialOf(deps, request)
    return credential === null ? nobody : { userId: credential.user.id, sessionId: credential.sessionId }
  } catch (error) {
    if (anonymousChat && findAppError(error)?.code === 'dependency_down') return nobody
    throw error
  }
}
