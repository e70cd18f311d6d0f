import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { TextSocket } from '../../http/web-socket.ts'
import { describeError } from '../../lib/describe-error.ts'
import { problemOf } from '../../lib/problem.ts'
import type { LogEntry } from './events.ts'
import { followTurn, type TurnReader } from './follow-turn.ts'

/** The turns that one socket follows, each at its own pace beside the others. */
export interface SocketFollower {
  /** Begins anew where it is followed already. Resolves when it has begun. Throws as `followTurn` does. */
  follow(userId: number, turnId: string, after: number, request: string | undefined): Promise<void>
  unfollow(turnId: string): void
  /** Calls `listener` as soon as nothing is followed (any more). */
  onIdle(listener: () => void): void
  close(): void
}

const maxFollowed = 20

export function createSocketFollower(deps: Deps, socket: TextSocket): SocketFollower {
  const readers = new Map<string, TurnReader>()
  /** The turn of the last frame. A frame names its turn only where it is another: an id is longer than most deltas. */
  let speaking: string | null = null
  let idleListener: (() => void) | null = null

  async function follow(userId: number, turnId: string, after: number, request: string | undefined) {
    unfollow(turnId)
    if (readers.size >= maxFollowed) {
      throw new AppError('too_many_readers', 'This socket follows too many answers', { retryAfterSeconds: 5 })
    }
    const reader = await followTurn(deps, userId, turnId, after)
    if (!socket.isOpen) return reader.close()
    readers.set(turnId, reader)
    speaking = null
    void pump(turnId, reader, request)
  }

  /** Nothing is asked of the log before the client has room: who is slow lags behind, and our memory stays as it is. */
  async function pump(turnId: string, reader: TurnReader, request: string | undefined): Promise<void> {
    try {
      for (let entries = await reader.next(); entries !== null; entries = await reader.next()) {
        for (const entry of entries) {
          if (readers.get(turnId) !== reader) return
          if (!socket.send(frameOf(named(turnId), entry, request))) await socket.drained()
        }
      }
    } catch (error) {
      deps.log.error({ turn_id: turnId, error: describeError(error) }, 'a turn could not be followed further')
      // Without a number, unlike the error with which a turn ends: the client is to follow it again.
      const problem = problemOf(new AppError('dependency_down', 'Follow this answer again'))
      speaking = null
      socket.send(JSON.stringify({ turn_id: turnId, event: 'error', data: problem }))
    } finally {
      leave(turnId, reader)
    }
  }

  /** null: the client knows from the frame before. */
  function named(turnId: string): string | null {
    if (turnId === speaking) return null
    speaking = turnId
    return turnId
  }

  function unfollow(turnId: string): void {
    const reader = readers.get(turnId)
    if (reader !== undefined) leave(turnId, reader)
  }

  function leave(turnId: string, reader: TurnReader): void {
    reader.close()
    if (readers.get(turnId) !== reader) return
    readers.delete(turnId)
    if (readers.size === 0) idleListener?.()
  }

  function onIdle(listener: () => void): void {
    idleListener = listener
    if (readers.size === 0) listener()
  }

  function close(): void {
    idleListener = null
    for (const [turnId, reader] of readers) leave(turnId, reader)
  }

  return { follow, unfollow, onIdle, close }
}

/** As an event of the other renderings, with the turn's id. The first one answers the frame that has asked for it. */
function frameOf(turnId: string | null, { seq, type, data }: LogEntry, request: string | undefined): string {
  const turn = turnId === null ? '' : `"turn_id":"${turnId}",`
  const answered = type === 'start' && request !== undefined ? `"request":${JSON.stringify(request)},` : ''
  return `{${turn}${answered}"id":${seq},"event":"${type}","data":${data}}`
}
