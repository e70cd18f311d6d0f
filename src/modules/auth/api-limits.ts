import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import { countHit } from '../../lib/limits.ts'

type LimitDeps = Pick<Deps, 'kv' | 'config'>

/** One request to /api/v1, or one message on a socket. Throws `rate_limited`. */
export function countApiHit({ kv, config }: LimitDeps, userId: number): Promise<void> {
  return countHit(kv, `rl:api:user:${userId}`, config.limits.apiUser)
}

/** One request to /api/v1/auth, whatever comes of it. Throws `rate_limited`. */
export function countAuthHit({ kv, config }: LimitDeps, ip: string): Promise<void> {
  return countHit(kv, `rl:api:auth:ip:${addressBucket(ip)}`, config.limits.apiAuthIp)
}
