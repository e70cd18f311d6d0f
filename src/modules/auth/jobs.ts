import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { deleteExpiredResetTokens, deleteExpiredSessions } from './store.ts'

const pauseMs = 10 * 60 * 1000
const batchSize = 1000

/** Sweeps out sessions and reset tokens that have run out: they are worth nothing, but take room. */
export function startAuthJobs(deps: Pick<Deps, 'db' | 'now' | 'log'>): Loop {
  return startLoop({ name: 'auth', pauseMs, work: () => sweepExpired(deps), log: deps.log })
}

export async function sweepExpired({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await deleteExpiredResetTokens(db, now())
  // In batches, so that no statement holds many rows for long.
  while ((await deleteExpiredSessions(db, now(), batchSize)) === batchSize);
}
