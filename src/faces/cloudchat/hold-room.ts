import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { type Reservation, reserveUsage, type UsageWish } from '../../modules/usage/reserve-usage.ts'

/**
 * As `reserveUsage`, and without a database visitors go on: how often they may is limited elsewhere. Throws
 * `rate_limited` for `quota_exceeded`: the front end has a text for that.
 */
export async function holdRoom(deps: Deps, wish: UsageWish): Promise<Reservation> {
  const { userId, wantedTokens, models } = wish
  try {
    return await reserveUsage(deps, wish)
  } catch (error) {
    const known = findAppError(error)
    if (known?.code === 'dependency_down' && userId === null) {
      return { id: createId(), userId, keyId: null, models, grantedTokens: wantedTokens, isLimited: false }
    }
    if (known?.code !== 'quota_exceeded') throw error
    const { retryAfterSeconds = 60 } = known
    throw new AppError('rate_limited', 'Too many requests', { retryAfterSeconds })
  }
}
