import type { Deps } from '../../deps.ts'
import { forgetKeys } from '../auth/drop-keys.ts'
import { refreshModels } from '../models/refresh-models.ts'
import { checkWish, type KeyWish } from './check-wish.ts'
import { noKey } from './get-key.ts'
import type { KeyView } from './key.ts'
import { updateKey as update } from './store.ts'

/** In force at once here, and within a second everywhere. Throws `not_found` and `invalid_request`. */
export async function updateKey(
  deps: Pick<Deps, 'db' | 'llm' | 'config' | 'offerMemory' | 'now' | 'log' | 'keyCache'>,
  userId: number,
  id: string,
  wish: KeyWish,
): Promise<KeyView> {
  await refreshModels(deps)
  const key = await update(deps.db, userId, id, checkWish(deps, wish))
  if (key === null) throw noKey()
  forgetKeys(deps, new Set([id]))
  return key
}
