import type { Deps } from '../../deps.ts'
import { fingerprintOf, sealKey, unsealKey } from './sealed-key.ts'
import { listKeysSealedOtherwise, updateKey } from './store.ts'

/**
 * Seals every provider key anew that another secret than the present one has sealed: all or none. `lost`: ids of those
 * that neither secret opens; they stay as they are.
 */
export async function rotateKeys({
  db,
  config,
}: Pick<Deps, 'db' | 'config'>): Promise<{ sealed: number; lost: string[] }> {
  return db.transaction(async (tx) => {
    const lost: string[] = []
    const keys = await listKeysSealedOtherwise(tx, fingerprintOf(config.secretKey))
    for (const key of keys) {
      const apiKey = key.sealedKey === null ? null : unsealKey(config, key, key.sealedKey)
      if (apiKey === null) lost.push(key.id)
      else await updateKey(tx, key.id, sealKey(config, key, apiKey))
    }
    return { sealed: keys.length - lost.length, lost }
  })
}
