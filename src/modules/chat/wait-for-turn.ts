import type { Deps } from '../../deps.ts'
import type { LogEntry } from './events.ts'
import { followTurn } from './follow-turn.ts'

/**
 * The last word of a turn (`done` or `error`), once it has ended. Throws `not_found`, `too_many_readers`; whatever
 * `signal` says when nobody waits any more.
 */
export async function waitForTurn(
  deps: Deps,
  userId: number,
  turnId: string,
  signal?: AbortSignal,
): Promise<LogEntry> {
  const reader = await followTurn(deps, userId, turnId, 0)
  signal?.addEventListener('abort', reader.close, { once: true })
  let last: LogEntry | undefined
  try {
    for (;;) {
      signal?.throwIfAborted()
      const entries = await reader.next()
      if (entries === null) break
      last = entries.at(-1)
    }
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', reader.close)
    reader.close()
  }
  if (last === undefined) throw new Error('a turn has ended without a word')
  return last
}
