import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { LogEntry } from './events.ts'
import { openRemoteLog } from './remote-log.ts'
import { findTurn } from './store.ts'
import { storedLog } from './stored-log.ts'
import type { TurnLog } from './turn-log.ts'

/** In characters. Who is far behind is not handed all of it at once: it would lie in our memory until he takes it. */
const pieceLength = 64 * 1024

/** One reader's place in a turn's log. */
export interface TurnReader {
  /** The next entries, as soon as there are any; null: the turn has ended and all was read, or `close` was called. */
  next(): Promise<LogEntry[] | null>
  close(): void
}

/** Where a log comes from; it may be replaced by another that knows better, and readers then need its snapshot. */
export interface LogSource {
  readonly log: TurnLog
  /** Readers of this process. */
  readers: number
  /** Called when a reader has gone, or was not let in. */
  left(): void
}

/**
 * Follows a turn from any event on, whoever generates it: this process, another one, or nobody any more. What a
 * reader has not seen comes first. Where the log no longer holds it, a snapshot does, under its last number.
 * Throws `not_found` for a turn of somebody else as for none, `too_many_readers`.
 */
export async function followTurn(
  deps: Deps,
  userId: number,
  turnId: string,
  after: number,
): Promise<TurnReader> {
  const source = await findSource(deps, userId, turnId)
  const { maxReaders } = deps.config.turns
  if (maxReaders !== null && source.readers >= maxReaders) {
    source.left()
    throw new AppError('too_many_readers', 'Too many connections follow this answer', {
      retryAfterSeconds: 5,
    })
  }
  source.readers++
  return createReader(source, after)
}

async function findSource(deps: Deps, userId: number, turnId: string): Promise<LogSource> {
  const live = deps.turns.get(turnId)
  if (live !== undefined) {
    if (live.userId !== userId) throw notFound()
    return live
  }
  const turn = await findTurn(deps.db, userId, turnId)
  if (turn === null) throw notFound()
  const log = turn.state === 'running' ? null : await storedLog(deps, turn.id, turn.state)
  return log === null ? openRemoteLog(deps, turn.id) : { log, readers: 0, left() {} }
}

function createReader(source: LogSource, after: number): TurnReader {
  let { log } = source
  let seq = after
  let isClosed = false
  let wake: (() => void) | null = null

  async function next(): Promise<LogEntry[] | null> {
    while (!isClosed) {
      const entries = unread()
      const last = entries.at(-1)
      if (last !== undefined) {
        seq = last.seq
        return entries
      }
      if (log.isEnded) return null
      await growth()
    }
    return null
  }

  function unread(): LogEntry[] {
    // Where nothing had been said yet, nothing is to be taken back.
    const isReplaced = log !== source.log && log.lastSeq > 0
    log = source.log
    // It is not known yet; a snapshot of nothing would take from a reader what he has.
    if (log.lastSeq === 0) return []
    return firstOf((isReplaced ? null : log.after(seq)) ?? log.snapshot())
  }

  function growth(): Promise<void> {
    return new Promise((resolve) => {
      const takeBack = log.onGrowth(resolve)
      wake = () => {
        takeBack()
        resolve()
      }
    })
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    source.readers--
    source.left()
    wake?.()
  }

  return { next, close }
}

/** As many as make a piece; one at least. */
function firstOf(entries: LogEntry[]): LogEntry[] {
  let size = 0
  const end = entries.findIndex(({ data }, index) => {
    size += data.length
    return index > 0 && size > pieceLength
  })
  return end < 0 ? entries : entries.slice(0, end)
}

function notFound(): AppError {
  return new AppError('not_found', 'No such turn')
}
