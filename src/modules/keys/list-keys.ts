import type { Deps } from '../../deps.ts'
import type { KeyView } from './key.ts'
import { listKeys as list } from './store.ts'

/** All that a person has, the newest first. */
export function listKeys({ db }: Pick<Deps, 'db'>, userId: number): Promise<KeyView[]> {
  return list(db, userId)
}
