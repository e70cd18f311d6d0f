import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { EventReader, StreamEvent } from '../../http/event-reader.ts'
import type { Seats } from '../../lib/seats.ts'
import { followUserEvents } from '../conversations/user-events.ts'

/** A window that is so far behind is cut off: it reads everything anew when it comes back. */
const maxWaiting = 200

export interface UserReader extends EventReader {
  /** Says that the session which the reader lives on has ended, as the last word. */
  revoke(sessionId: string): void
}

/**
 * What happens to a person's conversations from now on, until the process is about to end. Throws `too_many_readers`.
 */
export function followUser(
  deps: Pick<Deps, 'kv' | 'log' | 'lifecycle'>,
  seats: Seats,
  userId: number,
): UserReader {
  const leaveSeat = seats.take(userId)
  if (leaveSeat === null) {
    throw new AppError('too_many_readers', 'Too many windows follow these events', { retryAfterSeconds: 5 })
  }
  let waiting: StreamEvent[] = []
  let isOver = false
  let isLost = false
  let wake: (() => void) | null = null
  const stopListening = followUserEvents(deps, userId, ({ type, data }) => {
    isLost ||= waiting.length >= maxWaiting
    if (isLost) waiting = []
    else waiting.push({ type, data: JSON.stringify(data) })
    wake?.()
  })
  const stopWaiting = deps.lifecycle.onDraining(end)

  async function next(): Promise<StreamEvent[] | null> {
    while (waiting.length === 0 && !isOver && !isLost) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    if (isLost) throw new Error('too far behind')
    const events = waiting
    waiting = []
    return events.length > 0 ? events : null
  }

  function revoke(sessionId: string): void {
    waiting.push({ type: 'session_revoked', data: JSON.stringify({ session_id: sessionId }) })
    end()
  }

  function end(): void {
    isOver = true
    wake?.()
  }

  function close(): void {
    stopListening()
    stopWaiting()
    leaveSeat?.()
    end()
  }

  return { next, close, revoke }
}
