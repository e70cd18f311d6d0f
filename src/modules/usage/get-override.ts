import type { Deps } from '../../deps.ts'
import { findOverride, type Override } from './plan-store.ts'

/** What somebody gets instead of what his plan says; null: nothing. */
export function getOverride({ db }: Pick<Deps, 'db'>, userId: number): Promise<Override | null> {
  return findOverride(db, userId)
}
