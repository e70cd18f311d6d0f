import type { Deps } from '../../deps.ts'
import { hasRunningTurn } from './store.ts'

const patienceMs = 5000
const betweenLooksMs = 50

/**
 * Waits until no turn of somebody is under way on any instance, five seconds at most: one whose instance has died ends
 * later. They are to be stopped before.
 */
export async function turnsEnded({ db }: Pick<Deps, 'db'>, userId: number): Promise<void> {
  const until = performance.now() + patienceMs
  while ((await hasRunningTurn(db, userId)) && performance.now() < until) await Bun.sleep(betweenLooksMs)
}
