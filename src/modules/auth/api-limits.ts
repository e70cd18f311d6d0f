import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import { countHit, type Standing } from '../../lib/limits.ts'
import type { ApiKey } from './api-key.ts'

type LimitDeps = Pick<Deps, 'kv' | 'config'>

/** Is told how a limit stands, also where that is the end of it. */
type Note = (standing: Standing) => void

/** One request to /api/v1, or one message on a socket. Throws `rate_limited`. */
export function countApiHit({ kv, config }: LimitDeps, userId: number, note?: Note): Promise<void> {
  return countHit(kv, `rl:api:user:${userId}`, config.limits.apiUser, note)
}

/** One request to /api/v1/auth, whatever comes of it. Throws `rate_limited`. */
export function countAuthHit({ kv, config }: LimitDeps, ip: string, note?: Note): Promise<void> {
  return countHit(kv, `rl:api:auth:ip:${addressBucket(ip)}`, config.limits.apiAuthIp, note)
}

/** One request with an API key, before anything is known of it: so that keys cannot be tried out. Throws `rate_limited`. */
export function countKeyAddressHit({ kv, config }: LimitDeps, ip: string, note?: Note): Promise<void> {
  return countHit(kv, `rl:gateway:ip:${addressBucket(ip)}`, config.limits.gatewayIp, note)
}

/** One request with this API key, wherever it is used. Throws `rate_limited`. */
export function countKeyHit({ kv, config }: LimitDeps, key: ApiKey, note?: Note): Promise<void> {
  return countHit(kv, `rl:gateway:key:${key.id}`, key.rate ?? config.limits.gatewayKey, note)
}
