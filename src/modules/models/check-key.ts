import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { isId } from '../../lib/ids.ts'
import type { AccessCheck } from '../../llm/llm.ts'
import { noKey } from './edit-keys.ts'
import { baseUrlOf } from './refresh-models.ts'
import { unsealKey } from './sealed-key.ts'
import { findKey } from './store.ts'

/**
 * Tries a key at its provider, for ten seconds at most. Throws `not_found`; `conflict` when the key cannot be opened,
 * or nobody knows the provider's address any more.
 */
export async function checkProviderKey(
  { db, llm, config }: Pick<Deps, 'db' | 'llm' | 'config'>,
  id: string,
): Promise<AccessCheck> {
  const key = isId(id) ? await findKey(db, id) : null
  if (key === null) throw noKey()
  const baseUrl = key.baseUrl ?? baseUrlOf(config, key.provider)
  if (baseUrl === null) throw new AppError('conflict', 'The address of this provider is not known any more')
  const apiKey = key.sealedKey === null ? null : unsealKey(config, key, key.sealedKey)
  if (key.sealedKey !== null && apiKey === null) {
    throw new AppError('conflict', 'The key was sealed with another SECRET_KEY: enter it again')
  }
  return llm.check({ id: key.id, provider: key.provider, baseUrl, apiKey })
}
