import type { Deps } from '../../deps.ts'
import { startLoop } from '../../lib/loop.ts'
import { sendDueLetters } from './send-due-letters.ts'

/** How late a retry, or a letter that another instance left behind, may be. */
const pauseMs = 5000

export interface MailJobs {
  /** Waits for the letters under way, a few seconds at most; what is left is sent after the next start. */
  stop(): Promise<void>
  /** Looks into the outbox now; `deps.outboxBell.ring()` does the same. */
  wake(): void
}

/** Sends the outbox's letters in the background, as soon as the bell rings. */
export function startMailJobs(
  deps: Pick<Deps, 'config' | 'db' | 'mailer' | 'log' | 'now' | 'outboxBell'>,
): MailJobs {
  let isStopped = false
  const loop = startLoop({
    name: 'mail',
    pauseMs,
    bell: deps.outboxBell,
    work: () => sendDueLetters(deps, () => isStopped),
    log: deps.log,
  })
  return {
    stop() {
      isStopped = true
      return loop.stop()
    },
    wake: deps.outboxBell.ring,
  }
}
