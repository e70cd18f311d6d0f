import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { sendDueLetters } from './send-due-letters.ts'

/** How late a retry, or a letter that another instance left behind, may be. */
const pauseMs = 5000

/**
 * Sends the outbox's letters in the background, as soon as the bell rings. Stopping waits for the letters under way;
 * what is left is sent after the next start.
 */
export function startMailJobs(
  deps: Pick<Deps, 'config' | 'db' | 'mailer' | 'log' | 'now' | 'outboxBell'>,
): Loop {
  let isStopped = false
  const loop = startLoop({
    name: 'mail',
    pauseMs,
    bell: deps.outboxBell,
    work: () => sendDueLetters(deps, () => isStopped),
    log: deps.log,
  })
  return {
    stop(maxWaitMs) {
      isStopped = true
      return loop.stop(maxWaitMs)
    },
  }
}
