import type { Deps } from '../../deps.ts'
import { countHit } from '../../lib/limits.ts'

/** Whatever makes a model answer, however it was asked. Throws `rate_limited`. */
export function countQuestion({ kv, config }: Pick<Deps, 'kv' | 'config'>, userId: number): Promise<void> {
  return countHit(kv, `rl:send:user:${userId}`, config.limits.sendUser)
}
