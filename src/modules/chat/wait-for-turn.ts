import type { Deps } from '../../deps.ts'
import type { LogEntry } from './events.ts'
import { followTurn } from './follow-turn.ts'

/** The last word of a turn (`done` or `error`), once it has ended. Throws `not_found`, `too_many_readers`. */
export async function waitForTurn(deps: Deps, userId: number, turnId: string): Promise<LogEntry> {
  const reader = await followTurn(deps, userId, turnId, 0)
  let last: LogEntry | undefined
  try {
    for (;;) {
      const entries = await reader.next()
      if (entries === null) break
      last = entries.at(-1)
    }
  } finally {
    reader.close()
  }
  if (last === undefined) throw new Error('a turn has ended without a word')
  return last
}
