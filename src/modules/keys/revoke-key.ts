import type { Deps } from '../../deps.ts'
import { dropKeys } from '../auth/drop-keys.ts'
import { noKey } from './get-key.ts'
import { revokeKey as revoke } from './store.ts'

/** For ever; answers that go out on its strength are cut. Here at once, elsewhere within a second. Throws `not_found`. */
export async function revokeKey(
  deps: Pick<Deps, 'db' | 'now' | 'log' | 'keyCache' | 'openCalls'>,
  userId: number,
  id: string,
): Promise<void> {
  if (!(await revoke(deps.db, userId, id, deps.now()))) throw noKey()
  dropKeys(deps, [id])
  deps.log.info({ userId, keyId: id }, 'API key revoked')
}
