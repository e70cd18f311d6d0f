import type { Deps } from '../../deps.ts'
import { checkId } from '../../lib/check-id.ts'
import { getPerson } from '../auth/list-people.ts'
import type { UsageScope } from './statistics.ts'
import { findKeyOwner } from './statistics-store.ts'

interface Wish {
  user_id?: string | undefined
  key_id?: string | undefined
  provider?: string | undefined
}

/** Everybody's usage, or a person's, or a key's, or of one provider's models. Throws `not_found`. */
export async function scopeOf(
  deps: Pick<Deps, 'db' | 'now'>,
  { user_id, ...wish }: Wish,
): Promise<UsageScope> {
  const scope = scopeOfPerson(user_id ? (await getPerson(deps, user_id)).id : null, wish)
  if (scope.userId !== null || scope.keyId === null) return scope
  return { ...scope, userId: await findKeyOwner(deps.db, scope.keyId) }
}

/** `userId` null: of everybody. Throws `not_found`. */
export function scopeOfPerson(
  userId: number | null,
  { key_id, provider }: Omit<Wish, 'user_id'>,
): UsageScope {
  return { userId, keyId: key_id ? checkId(key_id) : null, provider: readName(provider) }
}

/** A zero character is in no text of the database's. */
export function readName(text: string | undefined): string | null {
  return text?.replaceAll('\0', '\ufffd') || null
}
