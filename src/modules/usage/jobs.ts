import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { drainUsage } from './enter-usage.ts'
import { findToday, foldDay } from './statistics-store.ts'
import { deleteReservationsBefore, releaseExpired } from './store.ts'

const pauseMs = 30_000
const foldPauseMs = 3600 * 1000
const batchSize = 200
const keptMs = 24 * 3600 * 1000

/** Gives back what calls that take too long have held, folds sums, and at the end sees what is under way into the ledger. */
export function startUsageJobs(deps: Pick<Deps, 'db' | 'now' | 'log' | 'config' | 'usageEntries'>): Loop {
  const { log } = deps
  const loops = [
    startLoop({ name: 'usage', pauseMs, work: () => sweepReservations(deps), log }),
    startLoop({ name: 'usage sums', pauseMs: foldPauseMs, work: () => foldSums(deps), log }),
  ]
  return {
    async stop(maxWaitMs = 5000) {
      await Promise.all([...loops.map((loop) => loop.stop(maxWaitMs)), drainUsage(deps, maxWaitMs)])
    },
  }
}

export async function sweepReservations({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  while ((await releaseExpired(db, now(), batchSize)) === batchSize);
  await deleteReservationsBefore(db, new Date(now().getTime() - keptMs))
}

/** Writers of the present take different rows; of days that are over one is enough, and read sooner. */
export async function foldSums({ db, now, config }: Pick<Deps, 'db' | 'now' | 'config'>): Promise<void> {
  const yesterday = new Date(now().getTime() - keptMs)
  const before = await findToday(db, yesterday, config.usage.timezone)
  while ((await foldDay(db, before)) !== null);
}
