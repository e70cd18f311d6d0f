import type { Deps } from '../../deps.ts'
import { deadAfterSeconds } from '../../lib/dead-after.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { drainUsage } from './enter-usage.ts'
import { noteCalls, notePauseMs } from './note-calls.ts'
import { findToday, foldDay } from './statistics-store.ts'
import { deleteReservationsBefore, releaseExpired } from './store.ts'
import { sweepCalls } from './sweep-calls.ts'

const pauseMs = 30_000
const callsPauseMs = 5000
const foldPauseMs = 3600 * 1000
const batchSize = 200
const keptMs = 24 * 3600 * 1000

type CallDeps = Pick<Deps, 'callsUnderWay' | 'instanceId'>
type JobDeps = CallDeps & Pick<Deps, 'db' | 'now' | 'log' | 'config' | 'usageEntries'>

/**
 * Gives back what calls that take too long have held, sees to those of which a process dies, folds sums, and at the
 * end sees what is under way into the ledger. `isAlone`: no other process shares the database, so whoever has calls
 * there is dead.
 */
export function startUsageJobs(deps: JobDeps, { isAlone }: { isAlone: boolean }): Loop {
  const { log } = deps
  const silentSeconds = isAlone ? 0 : deadAfterSeconds
  const loops = [
    startLoop({ name: 'usage', pauseMs, work: () => sweepReservations(deps), log }),
    startLoop({ name: 'calls under way', pauseMs: notePauseMs, work: () => noteCalls(deps), log }),
    startLoop({
      name: 'abandoned calls',
      pauseMs: callsPauseMs,
      work: () => sweepCalls(deps, silentSeconds),
      log,
    }),
    startLoop({ name: 'usage sums', pauseMs: foldPauseMs, work: () => foldSums(deps), log }),
  ]
  return {
    async stop(maxWaitMs = 5000) {
      await Promise.all([...loops.map((loop) => loop.stop(maxWaitMs)), drainUsage(deps, maxWaitMs)])
      // Nothing is left for the sweep to find where it is the ledger's already.
      await Promise.race([noteCalls(deps).catch(() => {}), Bun.sleep(maxWaitMs)])
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
