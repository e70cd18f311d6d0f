import type { Deps } from '../../deps.ts'
import { findPlan } from './store.ts'

/** The plan that a person has been given, or everybody's. */
export async function planOf({ db, config }: Pick<Deps, 'db' | 'config'>, userId: number): Promise<string> {
  return (await findPlan(db, userId)) ?? config.auth.defaultPlan
}
