import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Client } from '../../lib/client.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { countHit } from '../../lib/limits.ts'
import { resolveToken } from '../../modules/auth/resolve-credential.ts'

/**
 * Whether this visitor may ask the model now; counts the question. The account that it is for; null: none. Throws `forbidden`, `rate_limited`,
 * `shutting_down`, and `dependency_down` where the answer hangs on an account that cannot be looked up.
 * Never `unauthenticated`: that would send the live front end to its login page.
 */
export async function admitChat(
  deps: Deps,
  authToken: string | null,
  client: Client,
): Promise<number | null> {
  assertNotDraining(deps.lifecycle)
  const { anonymousChat } = deps.config.cloudchat
  const userId = await findUserId(deps, authToken, anonymousChat)
  if (userId === null && !anonymousChat) throw new AppError('forbidden', 'Login required')
  const { chatIp, chatTotal } = deps.config.limits
  await countHit(deps.kv, `rl:chat:ip:${addressBucket(client.ip)}`, chatIp)
  if (userId === null) await countHit(deps.kv, 'rl:chat:total', chatTotal)
  return userId
}

/** Without a database nobody is logged in, as long as one need not be: the chat goes on. */
async function findUserId(
  deps: Deps,
  authToken: string | null,
  anonymousChat: boolean,
): Promise<number | null> {
  try {
    const credential = await resolveToken(deps, { cookie: authToken, bearer: null })
    return credential?.user.id ?? null
  } catch (error) {
    if (anonymousChat && findAppError(error)?.code === 'dependency_down') return null
    throw error
  }
}
