import type { LogEntry, TurnEvent } from './events.ts'

/** What a turn has said, in order: one buffer for all who follow it, each with a cursor of his own. */
export interface TurnLog {
  append(event: TurnEvent): LogEntry
  /** The entries numbered higher than `seq`; none where a reader has all there is. */
  after(seq: number): LogEntry[]
  /** Number of the last entry; 0: none yet. */
  readonly lastSeq: number
  /** `done` or `error` is in it: nothing will follow. */
  readonly isEnded: boolean
  /** Resolves at the next entry; at once when there will be none. */
  grown(): Promise<void>
}

export function createTurnLog(): TurnLog {
  const entries: LogEntry[] = []
  let isEnded = false
  let growth: PromiseWithResolvers<void> | null = null

  function append({ type, data }: TurnEvent): LogEntry {
    if (isEnded) throw new Error('the log has ended')
    const entry = { seq: entries.length + 1, type, data: JSON.stringify(data) }
    entries.push(entry)
    isEnded = type === 'done' || type === 'error'
    growth?.resolve()
    growth = null
    return entry
  }

  // All who wait are woken by one promise: a hundred readers cost an append no more than one.
  function grown(): Promise<void> {
    if (isEnded) return Promise.resolve()
    growth ??= Promise.withResolvers()
    return growth.promise
  }

  return {
    append,
    after: (seq) => entries.slice(seq),
    get lastSeq() {
      return entries.length
    },
    get isEnded() {
      return isEnded
    },
    grown,
  }
}
