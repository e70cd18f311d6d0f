import type { Deps } from '../../deps.ts'
import { closeAll } from './close-all.ts'

type DropDeps = Pick<Deps, 'keyCache' | 'openCalls' | 'log'>

/** For keys that let nobody in any more: as `dropSessions`. */
export function dropKeys(deps: DropDeps, keyIds: Iterable<string>): void {
  const ended = new Set(keyIds)
  if (ended.size === 0) return
  forgetKeys(deps, ended)
  closeAll(deps.openCalls, ({ keyId }) => ended.has(keyId), deps.log)
}

/** For keys that have been changed: what this process remembers of them is asked for anew. */
export function forgetKeys({ keyCache }: Pick<Deps, 'keyCache'>, keyIds: ReadonlySet<string>): void {
  keyCache.forget((holder) => holder !== null && keyIds.has(holder.key.id))
}
