import type { LogEntry, TurnEvent } from './events.ts'

/** What a turn has said, in order: one buffer for all who follow it, each with a cursor of his own. */
export interface TurnLog {
  /** Numbers an event and adds it. Throws once the log has ended. */
  append(event: TurnEvent): LogEntry
  /** Adds what another process has numbered. */
  add(entry: LogEntry): void
  /**
   * The entries numbered higher than `seq`; none where a reader has all there is. null: they are not all here, or
   * the reader is ahead of this log; he needs the snapshot.
   */
  after(seq: number): LogEntry[] | null
  /** All that was said up to now in one entry, under the number of the last; then the end, if there is one. */
  snapshot(): LogEntry[]
  /** The text alone, without what the model thought. */
  readonly text: string
  readonly reasoning: string
  /** Number of the last entry; 0: none yet. */
  readonly lastSeq: number
  /** `done` or `error` is in it: nothing will follow. */
  readonly isEnded: boolean
  /** Bytes of memory that it takes, about. */
  readonly size: number
  /** Calls `wake` once, at the next entry or when the log is given up. Returns the way to take that back. */
  onGrowth(wake: () => void): () => void
  /** Wakes all who wait, though there is nothing new here. */
  giveUp(): void
}

/** What was said before a log begins: its first entry is the one after `seq`. */
export interface LogBase {
  seq: number
  text: string
  reasoning: string
}

/** Of an entry's object and its place in the list. */
const entryOverhead = 100

export function createTurnLog(base: LogBase = { seq: 0, text: '', reasoning: '' }): TurnLog {
  const entries: LogEntry[] = []
  let { seq: lastSeq, text, reasoning } = base
  let isEnded = false
  let size = 2 * (text.length + reasoning.length)
  let sleepers = new Set<() => void>()

  function append(event: TurnEvent): LogEntry {
    if (isEnded) throw new Error('the log has ended')
    hear(event)
    return push({ seq: lastSeq + 1, type: event.type, data: JSON.stringify(event.data) })
  }

  function add(entry: LogEntry): void {
    hear({ type: entry.type, data: JSON.parse(entry.data) } as TurnEvent)
    push(entry)
  }

  function hear({ type, data }: TurnEvent): void {
    if (type === 'delta') text += data.text
    else if (type === 'reasoning') reasoning += data.text
    else if (type === 'snapshot') ({ text, reasoning } = data)
  }

  function push(entry: LogEntry): LogEntry {
    entries.push(entry)
    // Up to two bytes a character, here and in the text.
    size += entryOverhead + 4 * entry.data.length
    lastSeq = entry.seq
    isEnded = entry.type === 'done' || entry.type === 'error'
    wakeAll()
    return entry
  }

  function after(seq: number): LogEntry[] | null {
    if (seq < base.seq || seq > lastSeq) return null
    let first = entries.length
    // From the end: most readers are nearly there.
    while (first > 0 && (entries[first - 1] as LogEntry).seq > seq) first--
    // One entry may stand for several numbers: who has some of them would be told the same words again.
    if ((entries[first - 1]?.seq ?? base.seq) !== seq) return null
    return entries.slice(first)
  }

  function snapshot(): LogEntry[] {
    const firstOfEnd = entries.findLastIndex(({ type }) => !['usage', 'done', 'error'].includes(type)) + 1
    const end = entries.slice(firstOfEnd)
    const seq = lastSeq - end.length
    return [{ seq, type: 'snapshot', data: JSON.stringify({ text, reasoning }) }, ...end]
  }

  function wakeAll(): void {
    const woken = sleepers
    sleepers = new Set()
    for (const wake of woken) wake()
  }

  function onGrowth(wake: () => void): () => void {
    sleepers.add(wake)
    return () => void sleepers.delete(wake)
  }

  return {
    append,
    add,
    after,
    snapshot,
    get text() {
      return text
    },
    get reasoning() {
      return reasoning
    },
    get lastSeq() {
      return lastSeq
    },
    get isEnded() {
      return isEnded
    },
    get size() {
      return size
    },
    onGrowth,
    giveUp: wakeAll,
  }
}
