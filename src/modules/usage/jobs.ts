import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { drainUsage } from './enter-usage.ts'
import { deleteReservationsBefore, releaseExpired } from './store.ts'

const pauseMs = 30_000
const batchSize = 200
const keptMs = 24 * 3600 * 1000

/** Gives back what calls that take too long have held, and at the end sees what is under way into the ledger. */
export function startUsageJobs(deps: Pick<Deps, 'db' | 'now' | 'log' | 'usageEntries'>): Loop {
  const loop = startLoop({ name: 'usage', pauseMs, work: () => sweepReservations(deps), log: deps.log })
  return {
    async stop(maxWaitMs = 5000) {
      await Promise.all([loop.stop(maxWaitMs), drainUsage(deps, maxWaitMs)])
    },
  }
}

export async function sweepReservations({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  while ((await releaseExpired(db, now(), batchSize)) === batchSize);
  await deleteReservationsBefore(db, new Date(now().getTime() - keptMs))
}
