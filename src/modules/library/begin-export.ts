import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { isId } from '../../lib/ids.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { countHit } from '../../lib/limits.ts'
import type { Seats } from '../../lib/seats.ts'
import { invalidField } from '../auth/invalid-field.ts'
import type { Scope } from './export-store.ts'

const maxIds = 100

/** A place for one export; what is returned gives it back. Throws `rate_limited` and `shutting_down`. */
export async function beginExport(
  { config, kv, lifecycle }: Pick<Deps, 'config' | 'kv' | 'lifecycle'>,
  seats: Seats,
  userId: number,
): Promise<() => void> {
  assertNotDraining(lifecycle)
  await countHit(kv, `rl:export:user:${userId}`, config.limits.exportUser)
  const leave = seats.take(userId)
  if (leave !== null) return leave
  throw new AppError('rate_limited', 'Other exports of yours are under way', { retryAfterSeconds: 10 })
}

/** Which conversations a client means. Throws `invalid_request`. */
export function readScope({ ids, archived }: { ids?: string; archived?: 'true' | 'false' }): Scope {
  if (ids === undefined) return { isArchived: archived === undefined ? null : archived === 'true' }
  if (archived !== undefined) throw invalidField('archived', 'Either ids or archived')
  const list = new Set(ids.split(',').map((id) => id.trim().toLowerCase()))
  if (list.size > maxIds || ![...list].every(isId)) {
    throw invalidField('ids', `Expected 1 to ${maxIds} ids, separated by commas`)
  }
  return { ids: [...list] }
}
