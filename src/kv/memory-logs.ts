import { createBoundedMap } from './bounded-map.ts'
import type { KvLogEntry, LogAppend } from './kv.ts'

interface Options {
  now: () => Date
  maxBytes: number
}

/** A map's slot, two string headers, a list. */
const logBytes = 300
/** An entry of the list and its string's header. */
const entryBytes = 80

/** The logs of the in-process store. One that has grown larger than all that is allowed is not there any more. */
export function createMemoryLogs({ now, maxBytes }: Options) {
  const logs = createBoundedMap<KvLogEntry[]>({ now, maxBytes })

  /** False: there is no such log. */
  function appendOne({ key, number, value, ttlSeconds, isWhole }: LogAppend): boolean {
    const old = isWhole ? null : logs.find(key)
    if (!isWhole && old === null) return false
    const entries = old?.value ?? []
    let bytes = old?.bytes ?? logBytes + 2 * key.length
    if ((entries.at(-1)?.number ?? 0) < number) {
      entries.push({ number, value })
      bytes += entryBytes + 2 * value.length
    }
    logs.write(key, entries, bytes, now().getTime() + ttlSeconds * 1000)
    return true
  }

  return {
    /** Answers the keys of the logs that are not there. */
    append(appends: LogAppend[]): string[] {
      const absent = appends.filter((append) => !appendOne(append)).map(({ key }) => key)
      return [...new Set(absent)]
    },

    read(key: string, after: number): KvLogEntry[] | null {
      return logs.find(key)?.value.filter(({ number }) => number > after) ?? null
    },

    clear: () => logs.clear(),
  }
}
