import type { Kv } from './kv.ts'

/** The in-process store, and what the stand-in for Redis needs of it besides. */
export interface MemoryKv extends Kv {
  /** The living entry of a key with the milliseconds that it still has. */
  peek(key: string): { value: string; ttlMs: number } | null
}

interface Options {
  now?: () => Date
  /** An estimate, on the safe side. Beyond it what was written longest ago goes first. */
  maxBytes?: number
}

interface Entry {
  value: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

const defaultMaxBytes = 32 * 1024 * 1024
/** A map's slot, two string headers, the entry itself. */
const entryBytes = 200
const sweptAtEachWrite = 2

/** Holds everything in this process: shared by nobody, gone with it. Bounded; expired entries go as others come. */
export function createMemoryKv({
  now = () => new Date(),
  maxBytes = defaultMaxBytes,
}: Options = {}): MemoryKv {
  /** In the order of writing. */
  const entries = new Map<string, Entry>()
  let bytes = 0
  let sweep = entries.entries()

  function find(key: string): Entry | null {
    const entry = entries.get(key)
    if (!entry) return null
    if (entry.expiresAt > now().getTime()) return entry
    remove(key, entry)
    return null
  }

  function write(key: string, value: string, expiresAt: number): void {
    const old = entries.get(key)
    if (old) remove(key, old)
    const size = sizeOf(key, value)
    if (size > maxBytes) return
    sweepSome()
    for (const [oldest, entry] of entries) {
      if (bytes + size <= maxBytes) break
      remove(oldest, entry)
    }
    entries.set(key, { value, expiresAt })
    bytes += size
  }

  function remove(key: string, entry: Entry): void {
    entries.delete(key)
    bytes -= sizeOf(key, entry.value)
  }

  /** A few entries at each write instead of a timer: memory shrinks as long as there is traffic at all. */
  function sweepSome(): void {
    for (let count = 0; count < sweptAtEachWrite; count++) {
      const { value: pair, done } = sweep.next()
      if (done) {
        sweep = entries.entries()
        return
      }
      if (pair[1].expiresAt <= now().getTime()) remove(pair[0], pair[1])
    }
  }

  const endOf = (ttlSeconds: number) => now().getTime() + ttlSeconds * 1000

  return {
    get: async (key) => find(key)?.value ?? null,

    set: async (key, value, ttlSeconds) => write(key, value, endOf(ttlSeconds)),

    async delete(key) {
      const entry = entries.get(key)
      if (entry) remove(key, entry)
    },

    async expire(key, ttlSeconds) {
      const entry = find(key)
      if (!entry) return false
      write(key, entry.value, endOf(ttlSeconds))
      return true
    },

    async setIfAbsent(key, value, ttlSeconds) {
      if (find(key)) return false
      write(key, value, endOf(ttlSeconds))
      return true
    },

    async deleteIfEquals(key, value) {
      const entry = find(key)
      if (entry?.value !== value) return false
      remove(key, entry)
      return true
    },

    async increment(key, windowSeconds) {
      const entry = find(key)
      const count = entry ? Number(entry.value) + 1 : 1
      if (Number.isNaN(count)) throw new Error('not a counter')
      const expiresAt = entry?.expiresAt ?? endOf(windowSeconds)
      // Written anew, so that a counter in use is never the oldest.
      write(key, String(count), expiresAt)
      return { count, resetSeconds: Math.max(1, Math.ceil((expiresAt - now().getTime()) / 1000)) }
    },

    peek(key) {
      const entry = find(key)
      return entry && { value: entry.value, ttlMs: entry.expiresAt - now().getTime() }
    },

    state: () => 'embedded',

    async close() {
      entries.clear()
      bytes = 0
    },
  }
}

/** Two bytes a character: what is Chinese takes that. */
function sizeOf(key: string, value: string): number {
  return entryBytes + 2 * (key.length + value.length)
}
