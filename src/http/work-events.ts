import { AppError, findAppError } from '../errors.ts'
import { createBell } from '../lib/bell.ts'
import { problemOf } from '../lib/problem.ts'
import type { EventReader, StreamEvent } from './event-reader.ts'

export interface WorkOptions {
  /** Begins at once. What it tells are events; what it resolves with is the data of the last one, `done`. */
  work(tell: (type: string, data: object) => void, signal: AbortSignal): Promise<object>
  /** Of a failure that is no AppError, which the client hears nothing about. */
  onFault(error: unknown): void
}

/** Events of work that is done while its client waits. `error` is the last one of what failed; who leaves ends it. */
export function workEvents({ work, onFault }: WorkOptions): EventReader {
  const leaving = new AbortController()
  const bell = createBell()
  let told: StreamEvent[] = []
  let isOver = false
  void work(tell, leaving.signal).then(
    (result) => end('done', result),
    (error) => end('error', problemOf(toAppError(error))),
  )

  return {
    async next() {
      while (told.length === 0 && !isOver && !leaving.signal.aborted) await bell.wait(60_000)
      const events = told
      told = []
      return events.length === 0 ? null : events
    },
    close() {
      leaving.abort()
      bell.ring()
    },
  }

  function tell(type: string, data: object): void {
    told.push({ type, data: JSON.stringify(data) })
    bell.ring()
  }

  function end(type: string, data: object): void {
    isOver = true
    tell(type, data)
  }

  function toAppError(error: unknown): AppError {
    const known = findAppError(error)
    if (known === null && !leaving.signal.aborted) onFault(error)
    return known ?? new AppError('internal', 'Something went wrong')
  }
}
