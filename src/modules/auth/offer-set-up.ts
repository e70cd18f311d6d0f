import type { Deps } from '../../deps.ts'
import { createUid } from '../../lib/ids.ts'
import { createPasswordLink } from './create-person.ts'
import { hasAdmin } from './people-store.ts'
import { findAccountByPhoneOrUsername, insertUser } from './store.ts'

export const firstAdminName = 'admin'
const linkSeconds = 3600

/**
 * A link by which whoever has started the service becomes its administrator: it sets the first password of the account
 * `admin`, once, within an hour. Another start takes it back and makes another. null: there is an administrator who can
 * log in, or somebody else has that name.
 */
export async function offerSetUp(deps: Pick<Deps, 'db' | 'config' | 'now'>): Promise<string | null> {
  if (await hasAdmin(deps.db)) return null
  return deps.db.transaction(async (tx) => {
    const account = await findAccountByPhoneOrUsername(tx, firstAdminName)
    if (account !== null && (account.user.role !== 'admin' || !account.user.isActive)) return null
    const user = account?.user ?? (await insertUser(tx, newAdmin(), deps.now()))
    return createPasswordLink(deps, tx, user, linkSeconds)
  })
}

function newAdmin() {
  return {
    uid: createUid(),
    username: firstAdminName,
    email: null,
    phone: null,
    displayName: null,
    role: 'admin' as const,
    locale: 'zh' as const,
  }
}
