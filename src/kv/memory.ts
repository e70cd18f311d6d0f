import { createBoundedMap } from './bounded-map.ts'
import { createChannels } from './channels.ts'
import type { Kv } from './kv.ts'
import { createMemoryLogs } from './memory-logs.ts'

/** The in-process store, and what the stand-in for Redis needs of it besides. */
export interface MemoryKv extends Kv {
  /** The living entry of a key with the milliseconds that it still has. */
  peek(key: string): { value: string; ttlMs: number } | null
}

interface Options {
  now?: () => Date
  /** Estimates, on the safe side. Beyond them what was written longest ago goes first. */
  maxBytes?: number
  maxLogBytes?: number
}

const defaultMaxBytes = 24 * 1024 * 1024
const defaultMaxLogBytes = 8 * 1024 * 1024
/** A map's slot, two string headers, the entry itself. */
const entryBytes = 200

/** Holds everything in this process: shared by nobody, gone with it. Bounded; expired entries go as others come. */
export function createMemoryKv({
  now = () => new Date(),
  maxBytes = defaultMaxBytes,
  maxLogBytes = defaultMaxLogBytes,
}: Options = {}): MemoryKv {
  const entries = createBoundedMap<string>({ now, maxBytes })
  const logs = createMemoryLogs({ now, maxBytes: maxLogBytes })
  const channels = createChannels()

  const write = (key: string, value: string, expiresAt: number) =>
    entries.write(key, value, sizeOf(key, value), expiresAt)
  const endOf = (ttlSeconds: number) => now().getTime() + ttlSeconds * 1000

  return {
    get: async (key) => entries.find(key)?.value ?? null,

    set: async (key, value, ttlSeconds) => write(key, value, endOf(ttlSeconds)),

    delete: async (key) => entries.delete(key),

    async expire(key, ttlSeconds) {
      const entry = entries.find(key)
      if (!entry) return false
      write(key, entry.value, endOf(ttlSeconds))
      return true
    },

    async setIfAbsent(key, value, ttlSeconds) {
      if (entries.find(key)) return false
      write(key, value, endOf(ttlSeconds))
      return true
    },

    async deleteIfEquals(key, value) {
      if (entries.find(key)?.value !== value) return false
      entries.delete(key)
      return true
    },

    async increment(key, windowSeconds, hits = 1) {
      const entry = entries.find(key)
      const count = entry ? Number(entry.value) + hits : hits
      if (Number.isNaN(count)) throw new Error('not a counter')
      const expiresAt = entry?.expiresAt ?? endOf(windowSeconds)
      // Written anew, so that a counter in use is never the oldest.
      write(key, String(count), expiresAt)
      return { count, resetSeconds: Math.max(1, Math.ceil((expiresAt - now().getTime()) / 1000)) }
    },

    peek(key) {
      const entry = entries.find(key)
      return entry && { value: entry.value, ttlMs: entry.expiresAt - now().getTime() }
    },

    appendToLogs: async (appends) => logs.append(appends),
    readLog: async (key, after) => logs.read(key, after),

    publish: channels.deliver,
    subscribe: channels.listen,

    state: () => 'embedded',

    async close() {
      entries.clear()
      logs.clear()
    },
  }
}

/** Two bytes a character: what is Chinese takes that. */
function sizeOf(key: string, value: string): number {
  return entryBytes + 2 * (key.length + value.length)
}
