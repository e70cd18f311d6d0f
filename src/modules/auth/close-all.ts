import { describeError } from '../../lib/describe-error.ts'
import type { Log } from '../../lib/log.ts'

/** Closes those that have ended, and forgets them. One that breaks keeps no other from it. */
export function closeAll<Open extends { close(): void }>(
  open: Set<Open>,
  hasEnded: (one: Open) => boolean,
  log: Log,
): void {
  for (const one of [...open].filter(hasEnded)) {
    open.delete(one)
    try {
      one.close()
    } catch (error) {
      log.error({ error: describeError(error) }, 'a connection could not be closed')
    }
  }
}
