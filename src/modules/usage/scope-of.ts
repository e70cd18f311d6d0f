import type { Deps } from '../../deps.ts'
import { checkId } from '../../lib/check-id.ts'
import { getPerson } from '../auth/list-people.ts'
import type { UsageScope } from './statistics.ts'

interface Wish {
  user_id?: string | undefined
  key_id?: string | undefined
}

/** Everybody's usage, or a person's, or a key's. Throws `not_found`. */
export async function scopeOf(
  deps: Pick<Deps, 'db' | 'now'>,
  { user_id, key_id }: Wish,
): Promise<UsageScope> {
  const userId = user_id ? (await getPerson(deps, user_id)).id : null
  return { userId, keyId: key_id ? checkId(key_id) : null }
}
