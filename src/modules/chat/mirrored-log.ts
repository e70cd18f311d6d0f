import type { Deps } from '../../deps.ts'
import type { LogEntry } from './events.ts'
import type { LiveTurn } from './live-turn.ts'

const whileRunningSeconds = 3600
/** After that the database is the source. */
const afterEndSeconds = 300

/** So many logs are written as often as asked for; when there are more, so many in this time. */
const many = 200
const pauseOfManyMs = 100

/** Rung with the ids of turns that have new entries in the shared store. */
export const grownChannel = 'turns:grown'

/**
 * Brings the logs of this process to the shared store, so that every instance can follow them: one round trip for
 * what all its turns have said since the last one. A log that the store has lost is written again as a whole.
 */
export async function mirrorLogs({ kv, turns }: Pick<Deps, 'kv' | 'turns'>): Promise<void> {
  if (kv.state() === 'embedded') return
  const behind = dueOf([...turns.values()].filter((turn) => turn.mirroredSeq < turn.log.lastSeq))
  if (behind.length === 0) return
  if (kv.state() === 'down') {
    for (const turn of behind) turn.mirroredSeq = 0
    return
  }
  const appends = behind.map(toAppend)
  const lost = new Set(await kv.appendToLogs(appends.map(({ append }) => append)))
  for (const { turn, append } of appends) turn.mirroredSeq = lost.has(append.key) ? 0 : append.number
  kv.publish(grownChannel, behind.map(({ id }) => id).join(' '))
}

/** While many speak at once each is written less often, in larger pieces. The last words wait for nothing. */
function dueOf(behind: LiveTurn[]): LiveTurn[] {
  if (behind.length <= many) return behind
  const now = performance.now()
  const pauseMs = (behind.length / many) * pauseOfManyMs
  const due = behind.filter(({ log, mirroredAt }) => log.isEnded || mirroredAt + pauseMs <= now)
  for (const turn of due) turn.mirroredAt = now
  return due
}

/** What the shared store holds of a log after `seq`; null: nothing of it. */
export async function readMirroredLog(
  { kv }: Pick<Deps, 'kv'>,
  turnId: string,
  seq: number,
): Promise<LogEntry[] | null> {
  if (kv.state() === 'embedded') return null
  const records = await kv.readLog(keyOf(turnId), seq)
  return (
    records?.flatMap(({ number, value }) => unpack(value, number).filter((entry) => entry.seq > seq)) ?? null
  )
}

function toAppend(turn: LiveTurn) {
  const { log } = turn
  const entries = log.after(turn.mirroredSeq) ?? []
  const append = {
    key: keyOf(turn.id),
    number: log.lastSeq,
    value: pack(entries),
    ttlSeconds: log.isEnded ? afterEndSeconds : whileRunningSeconds,
    isWhole: turn.mirroredSeq === 0,
  }
  return { turn, append }
}

function keyOf(turnId: string): string {
  return `turn:${turnId}:log`
}

/** One line for each: JSON has no line feed of its own, and the numbers follow from that of the last. */
function pack(entries: LogEntry[]): string {
  return entries.map(({ type, data }) => `${type} ${data}`).join('\n')
}

function unpack(value: string, lastSeq: number): LogEntry[] {
  const lines = value.split('\n')
  return lines.map((line, index) => {
    const space = line.indexOf(' ')
    return {
      seq: lastSeq - lines.length + 1 + index,
      type: line.slice(0, space) as LogEntry['type'],
      data: line.slice(space + 1),
    }
  })
}
