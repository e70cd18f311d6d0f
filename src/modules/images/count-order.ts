import type { Deps } from '../../deps.ts'
import { countHit } from '../../lib/limits.ts'

/** Counts an order for pictures, however many and wherever it is put. Throws `rate_limited` (LIMIT_IMAGE_USER). */
export function countOrder({ kv, config }: Pick<Deps, 'kv' | 'config'>, userId: number): Promise<void> {
  return countHit(kv, `rl:image:user:${userId}`, config.limits.imageUser)
}
