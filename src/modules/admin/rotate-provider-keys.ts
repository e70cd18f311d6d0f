import type { Deps } from '../../deps.ts'
import { rotateKeys } from '../models/rotate-keys.ts'
import { type Actor, recordAct } from './record-act.ts'

/** Does what `rotateKeys` does, all or nothing, and writes down that it was done. */
export function rotateProviderKeys(
  deps: Pick<Deps, 'db' | 'config' | 'now' | 'log'>,
  by: Actor,
): ReturnType<typeof rotateKeys> {
  return deps.db.transaction(async (tx) => {
    const rotated = await rotateKeys(tx, deps.config)
    const after = { keys: rotated.sealed, unreadable: rotated.lost.length }
    if (after.keys > 0)
      await recordAct(deps, tx, by, { action: 'provider_key.rotate', targetId: 'all', after })
    return rotated
  })
}
