/** What expires, within a bound: beyond it what was written longest ago goes first. */
export interface BoundedMap<Value> {
  find(key: string): Entry<Value> | null
  /** What is larger than the whole map is not kept, nor what stood in its place. */
  write(key: string, value: Value, bytes: number, expiresAt: number): void
  delete(key: string): void
  clear(): void
}

interface Entry<Value> {
  value: Value
  bytes: number
  /** Milliseconds since 1970. */
  expiresAt: number
}

interface Options {
  now: () => Date
  maxBytes: number
}

const sweptAtEachWrite = 2

/** Expired entries go as others come. */
export function createBoundedMap<Value>({ now, maxBytes }: Options): BoundedMap<Value> {
  /** In the order of writing. */
  const entries = new Map<string, Entry<Value>>()
  let bytes = 0
  let sweep = entries.entries()

  function remove(key: string, entry: Entry<Value>): void {
    entries.delete(key)
    bytes -= entry.bytes
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

  return {
    find(key) {
      const entry = entries.get(key)
      if (!entry) return null
      if (entry.expiresAt > now().getTime()) return entry
      remove(key, entry)
      return null
    },

    write(key, value, size, expiresAt) {
      const old = entries.get(key)
      if (old) remove(key, old)
      if (size > maxBytes) return
      sweepSome()
      for (const [oldest, entry] of entries) {
        if (bytes + size <= maxBytes) break
        remove(oldest, entry)
      }
      entries.set(key, { value, bytes: size, expiresAt })
      bytes += size
    },

    delete(key) {
      const entry = entries.get(key)
      if (entry) remove(key, entry)
    },

    clear() {
      entries.clear()
      bytes = 0
    },
  }
}
