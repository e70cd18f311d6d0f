import type { MemoryKv } from './memory.ts'
import type { RedisStore } from './redis.ts'

const maxKeys = 50_000
const keysAtOnce = 100

/** What was written and deleted here while Redis was away: the keys; the values are in the in-process store. */
export function createUnsent(redis: RedisStore, local: MemoryKv) {
  const keys = new Map<string, 'written' | 'deleted'>()

  async function sendSome(): Promise<void> {
    const some = [...keys].slice(0, keysAtOnce)
    await Promise.all(
      some.map(async ([key, change]) => {
        const entry = local.peek(key)
        if (entry) await redis.set(key, entry.value, entry.ttlMs)
        else if (change === 'deleted') await redis.delete(key)
        // Written once more since then: the newer value goes in the next round.
        if (local.peek(key)?.value !== entry?.value) return
        keys.delete(key)
        await local.delete(key)
      }),
    )
  }

  return {
    add(key: string, change: 'written' | 'deleted'): void {
      keys.delete(key)
      keys.set(key, change)
      const [oldest] = keys.keys()
      if (keys.size > maxKeys && oldest !== undefined) keys.delete(oldest)
    },

    forget(key: string): void {
      keys.delete(key)
    },

    /** Rejects, with the rest still in mind, when Redis fails again. More may have been added by the time it is done. */
    async sendAll(): Promise<void> {
      while (keys.size > 0) await sendSome()
    },

    isEmpty: () => keys.size === 0,
  }
}
