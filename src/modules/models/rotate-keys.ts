import type { Config } from '../../config.ts'
import type { Db } from '../../db/db.ts'
import { fingerprintOf, sealKey, unsealKey } from './sealed-key.ts'
import { listKeysSealedOtherwise, updateKey } from './store.ts'

/**
 * Seals every provider key anew that another secret than the present one has sealed; in a transaction. `lost`: ids of
 * those that neither secret opens; they stay as they are.
 */
export async function rotateKeys(tx: Db, config: Config): Promise<{ sealed: number; lost: string[] }> {
  const lost: string[] = []
  const keys = await listKeysSealedOtherwise(tx, fingerprintOf(config.secretKey))
  for (const key of keys) {
    const apiKey = key.sealedKey === null ? null : unsealKey(config, key, key.sealedKey)
    if (apiKey === null) lost.push(key.id)
    else await updateKey(tx, key.id, sealKey(config, key, apiKey))
  }
  return { sealed: keys.length - lost.length, lost }
}
