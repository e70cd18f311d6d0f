import type { KeyScope } from '../../db/key-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { type LimitState, noteLimits } from '../../http/rate-limits.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import type { Limit } from '../../lib/limits.ts'
import type { SharedCounter } from '../../lib/shared-counter.ts'
import { presentedBy } from '../../modules/auth/guard.ts'
import { type Caller, resolveCaller } from '../../modules/auth/resolve-caller.ts'

/**
 * Who asks, if he may ask now; counts the request by its address, its key and its account. Throws `unauthenticated`,
 * what `resolveCaller` throws, and `rate_limited`.
 */
export async function admit(
  deps: Deps,
  counter: SharedCounter,
  request: Request,
  { ip, scope }: { ip: string; scope: KeyScope | null },
): Promise<Caller> {
  const { gatewayIp, gatewayKey, gatewayUser } = deps.config.limits
  // Before anything is known about who asks, so that keys cannot be tried out.
  const byAddress = count(counter, 'address', `ip:${addressBucket(ip)}`, gatewayIp)
  const caller = await resolveCaller(deps, presentedBy(request, deps.config), { ip, scope }).catch((error) =>
    error instanceof AppError ? error : Promise.reject(error),
  )
  if (caller === null || caller instanceof AppError) {
    refuseTooMany(request, await Promise.all([byAddress]))
    throw caller ?? new AppError('unauthenticated', 'Incorrect API key provided')
  }
  const { user, key } = caller
  const states = await Promise.all([
    byAddress,
    count(counter, 'account', `user:${user.id}`, gatewayUser),
    key && count(counter, 'key', `key:${key.id}`, key.rate ?? gatewayKey),
  ])
  refuseTooMany(request, states)
  return caller
}

interface Counted extends LimitState {
  isTooMany: boolean
}

async function count(
  counter: SharedCounter,
  name: string,
  holder: string,
  limit: Limit,
): Promise<Counted | null> {
  if (limit === null) return null
  const { count, resetSeconds } = await counter.count(`rl:gateway:${holder}`, limit)
  return {
    name,
    ...limit,
    left: Math.max(limit.count - count, 0),
    resetSeconds,
    isTooMany: count > limit.count,
  }
}

function refuseTooMany(request: Request, states: (Counted | null)[]): void {
  const counted = states.filter((state) => state !== null)
  noteLimits(request, counted)
  const exceeded = counted.filter(({ isTooMany }) => isTooMany)
  if (exceeded.length === 0) return
  throw new AppError(
    'rate_limited',
    `Too many requests of this ${exceeded.map(({ name }) => name).join(', ')}`,
    {
      retryAfterSeconds: Math.max(...exceeded.map(({ resetSeconds }) => resetSeconds)),
    },
  )
}
