import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { TextSocket } from '../../http/web-socket.ts'
import { describeError } from '../../lib/describe-error.ts'
import { problemOf } from '../../lib/problem.ts'
import type { LogEntry } from './events.ts'
import { followTurn, type TurnReader } from './follow-turn.ts'

/** The turns that one socket follows, each at its own pace beside the others. */
export interface SocketFollower {
  /**
   * Says `ok` to `request` with the turn's number, then what the log has after `after`. Begins anew where it is
   * followed already. Resolves when it has begun. Throws as `followTurn` does.
   */
  follow(userId: number, turnId: string, after: number, request: string | undefined): Promise<void>
  unfollow(turnId: string): void
  /** Calls `listener` as soon as nothing is followed (any more). */
  onIdle(listener: () => void): void
  close(): void
}

const maxFollowed = 20

/** Each frame tells its turn by `number`, 1 to `maxFollowed`: an id would be longer than most deltas. */
interface Followed {
  number: number
  reader: TurnReader
}

export function createSocketFollower(deps: Deps, socket: TextSocket): SocketFollower {
  const followed = new Map<string, Followed>()
  let idleListener: (() => void) | null = null

  async function follow(userId: number, turnId: string, after: number, request: string | undefined) {
    unfollow(turnId)
    if (followed.size >= maxFollowed) {
      throw new AppError('too_many_readers', 'This socket follows too many answers', { retryAfterSeconds: 5 })
    }
    const reader = await followTurn(deps, userId, turnId, after)
    if (!socket.isOpen) return reader.close()
    const one = { number: freeNumber(), reader }
    followed.set(turnId, one)
    socket.send(JSON.stringify({ event: 'ok', request, turn: one.number, turn_id: turnId }))
    void pump(turnId, one)
  }

  function freeNumber(): number {
    const taken = new Set([...followed.values()].map(({ number }) => number))
    let number = 1
    while (taken.has(number)) number++
    return number
  }

  /** Nothing is asked of the log before the client has room: who is slow lags behind, and our memory stays as it is. */
  async function pump(turnId: string, one: Followed): Promise<void> {
    const { number, reader } = one
    try {
      for (let entries = await reader.next(); entries !== null; entries = await reader.next()) {
        for (const entry of entries) {
          if (followed.get(turnId) !== one) return
          if (!socket.send(frameOf(number, entry))) await socket.drained()
        }
      }
    } catch (error) {
      deps.log.error({ turn_id: turnId, error: describeError(error) }, 'a turn could not be followed further')
      // Without a number of its own, unlike the error with which a turn ends: the client is to follow it again.
      const problem = problemOf(new AppError('dependency_down', 'Follow this answer again'))
      socket.send(JSON.stringify({ turn: number, event: 'error', data: problem }))
    } finally {
      leave(turnId, one)
    }
  }

  function unfollow(turnId: string): void {
    const one = followed.get(turnId)
    if (one !== undefined) leave(turnId, one)
  }

  function leave(turnId: string, one: Followed): void {
    one.reader.close()
    if (followed.get(turnId) !== one) return
    followed.delete(turnId)
    if (followed.size === 0) idleListener?.()
  }

  function onIdle(listener: () => void): void {
    idleListener = listener
    if (followed.size === 0) listener()
  }

  function close(): void {
    idleListener = null
    for (const [turnId, one] of followed) leave(turnId, one)
  }

  return { follow, unfollow, onIdle, close }
}

/** The fields of an event stand beside its number: inside `data`, as in the other renderings, they are a problem's. */
function frameOf(number: number, { seq, type, data }: LogEntry): string {
  const fields = type === 'error' ? `"data":${data}}` : data.slice(1)
  return `{"turn":${number},"id":${seq},"event":"${type}",${fields}`
}
