import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { listTurnsToEnd, wantStop } from './store.ts'

/** Heard by every instance: the id of a turn that somebody wants stopped. */
export const stopChannel = 'turns:stop'

/**
 * Stops a turn, whichever instance generates it; what was said up to then stays. Stopping one that has ended does
 * nothing. Resolves when it has ended, or, where another instance generates it, has been told. Throws `not_found`.
 */
export async function stopTurn(deps: Deps, userId: number, turnId: string): Promise<void> {
  const live = deps.turns.get(turnId)
  if (live?.userId === userId) {
    live.stop('stopped')
    await live.ended
    return
  }
  const isKnown = await wantStop(deps.db, userId, turnId)
  if (!isKnown) throw new AppError('not_found', 'No such turn')
  deps.kv.publish(stopChannel, turnId)
}

/** Heard by every instance: the id of somebody whose turns must all end. */
export const stopAllChannel = 'turns:stop-all'

/**
 * Stops all turns of somebody who may do nothing any more, whichever instances generate them: those that hear of it at
 * once, the others when they look.
 */
export function stopTurnsOf(deps: Pick<Deps, 'kv' | 'turns'>, userId: number): void {
  stopTurnsHere(deps, userId)
  deps.kv.publish(stopAllChannel, String(userId))
}

export function stopTurnsHere({ turns }: Pick<Deps, 'turns'>, userId: number): void {
  for (const turn of turns.values()) if (turn.userId === userId) turn.stop('stopped')
}

/**
 * Ends those of our turns that were stopped from elsewhere, deleted, given up and ended by another instance, or whose
 * owner may do nothing any more.
 */
export async function stopUnwantedTurns({ db, turns }: Pick<Deps, 'db' | 'turns'>): Promise<void> {
  const running = [...turns.values()].filter(({ log }) => !log.isEnded).map(({ id }) => id)
  if (running.length === 0) return
  for (const { id, why } of await listTurnsToEnd(db, running)) turns.get(id)?.stop(why)
}
