import { findAppError } from '../errors.ts'
import type { Log } from '../lib/log.ts'
import { innermostReason } from './innermost-reason.ts'

/** At boot PostgreSQL and its pooler may come up after us. */
const atBoot = { patienceMs: 30_000, pauseMs: 1000 }

/**
 * Does what needs the database, again and again while it is out of reach. Throws the last failure when patience is
 * at its end, any other failure at once.
 */
export async function waitForDatabase<T>(work: () => Promise<T>, log: Log, { patienceMs, pauseMs } = atBoot) {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const isDown = findAppError(error)?.code === 'dependency_down'
      if (!isDown || performance.now() >= giveUpAt) throw error
      log.warn({ reason: innermostReason(error) }, 'waiting for the database')
      await Bun.sleep(pauseMs)
    }
  }
}
