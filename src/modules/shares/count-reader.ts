import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../lib/address-bucket.ts'
import { countHit } from '../../lib/limits.ts'

/** One look at something shared, whatever comes of it. Throws `rate_limited`. */
export function countReader({ kv, config }: Pick<Deps, 'kv' | 'config'>, ip: string): Promise<void> {
  return countHit(kv, `rl:share:ip:${addressBucket(ip)}`, config.limits.shareIp)
}
