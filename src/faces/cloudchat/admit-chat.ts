import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { countHit } from '../../lib/limits.ts'
import { resolveToken } from '../../modules/auth/resolve-credential.ts'

/**
 * Whether this visitor may ask the model now; counts the question. Throws `forbidden`, `rate_limited`,
 * `shutting_down`, and `dependency_down` where the answer hangs on an account that cannot be looked up.
 * Never `unauthenticated`: that would send the live front end to its login page.
 */
export async function admitChat(deps: Deps, authToken: string | null, client: Client): Promise<void> {
  assertNotDraining(deps.lifecycle)
  const { anonymousChat } = deps.config.cloudchat
  const isAnonymous = !(await isLoggedIn(deps, authToken, anonymousChat))
  if (isAnonymous && !anonymousChat) throw new AppError('forbidden', 'Login required')
  const { chatIp, chatTotal } = deps.config.limits
  await countHit(deps.kv, `rl:chat:ip:${addressBucket(client.ip)}`, chatIp)
  if (isAnonymous) await countHit(deps.kv, 'rl:chat:total', chatTotal)
}

/** Without a database nobody is logged in, as long as one need not be: the chat goes on. */
async function isLoggedIn(deps: Deps, authToken: string | null, anonymousChat: boolean): Promise<boolean> {
  try {
    return (await resolveToken(deps, { cookie: authToken, bearer: null })) !== null
  } catch (error) {
    if (anonymousChat && findAppError(error)?.code === 'dependency_down') return false
    throw error
  }
}
