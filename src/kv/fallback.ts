import type { Log } from '../lib/log.ts'
import type { Kv, WindowCount } from './kv.ts'
import type { MemoryKv } from './memory.ts'
import type { RedisStore } from './redis.ts'
import { createUnsent } from './unsent.ts'

export interface RedisWithFallback extends Kv {
  /** A connection was lost or refused. */
  failed(reason: string): void
  /** Asks Redis whether it is there and settles the state. Never rejects. */
  check(): Promise<void>
}

/**
 * Redis, and while it is away this process in its place. No call rejects, and those that come after the first failure
 * do not wait for Redis at all.
 *
 * - **Limits** are counted here as well, always, and the higher count holds. So a window goes on where it was when
 *   Redis goes, and when it comes back empty. Several instances count each for itself during an outage.
 * - **Locks** are taken here first and then in Redis, so those of this process hold across an outage. Another
 *   instance's are not known during one: two instances may then hold the same lock. A lock whose release was lost
 *   with the connection ends with its time to live.
 * - **Values** (a visitor's history) are in Redis alone. During an outage a visitor starts anew here; what was
 *   written or deleted meanwhile is carried over to Redis before it takes over again, and replaces what it had:
 *   a history that was cleared stays cleared.
 * - **Logs** are in Redis alone, and during an outage nowhere: their owner writes them again afterwards.
 * - **Messages** reach this process at once and without Redis, the others through it or not at all.
 */
export function createFallbackKv(redis: RedisStore, local: MemoryKv, log: Log): RedisWithFallback {
  const unsent = createUnsent(redis, local)
  let isUp = false
  let isOutageKnown = false
  let isClosed = false
  let checking: Promise<void> | null = null

  function failed(reason: string): void {
    isUp = false
    if (isOutageKnown || isClosed) return
    isOutageKnown = true
    log.warn({ reason }, 'Redis is away: this process stands in for it')
  }

  async function check(): Promise<void> {
    checking ??= settle().finally(() => {
      checking = null
    })
    return checking
  }

  async function settle(): Promise<void> {
    try {
      await twice(redis.probe)
      // Until all is sent and nothing came in between, Redis must not take over.
      while (!unsent.isEmpty()) await unsent.sendAll()
      isUp = true
      if (isOutageKnown) log.warn('Redis is back')
      isOutageKnown = false
    } catch (error) {
      failed(redis.explain(error))
    }
  }

  /** The answer of Redis, or undefined when there is none to be had. */
  async function ask<T>(command: () => Promise<T>): Promise<T | undefined> {
    if (!isUp) return undefined
    try {
      return await command()
    } catch (error) {
      failed(redis.explain(error))
      // It may have been a hiccup of ours.
      void check()
      return undefined
    }
  }

  /** What this process holds of a key is no more: a newer word follows. */
  function clear(key: string): void {
    unsent.forget(key)
    void local.delete(key)
  }

  /** A lock or counter that Redis lost, by a restart or for want of room: it is still known here. */
  async function restore(key: string): Promise<boolean> {
    const entry = local.peek(key)
    if (!entry) return false
    const isRestored = await ask(() => redis.setIfAbsent(key, entry.value, entry.ttlMs))
    if (isRestored === false) await local.deleteIfEquals(key, entry.value)
    return isRestored ?? true
  }

  return {
    async get(key) {
      const value = await ask(() => twice(() => redis.get(key)))
      return value === undefined ? local.get(key) : value
    },

    async set(key, value, ttlSeconds) {
      clear(key)
      if (await ask(() => redis.set(key, value, ttlSeconds * 1000).then(() => true))) return
      void local.set(key, value, ttlSeconds)
      unsent.add(key, 'written')
    },

    async delete(key) {
      clear(key)
      if (await ask(() => redis.delete(key).then(() => true))) return
      clear(key)
      unsent.add(key, 'deleted')
    },

    async expire(key, ttlSeconds) {
      const isHere = await local.expire(key, ttlSeconds)
      const isThere = await ask(() => redis.expire(key, ttlSeconds * 1000))
      if (isThere === undefined) return isHere
      return isThere || (isHere && restore(key))
    },

    async setIfAbsent(key, value, ttlSeconds) {
      if (!(await local.setIfAbsent(key, value, ttlSeconds))) return false
      const isSet = await ask(() => redis.setIfAbsent(key, value, ttlSeconds * 1000))
      if (isSet === false) await local.deleteIfEquals(key, value)
      return isSet ?? true
    },

    async deleteIfEquals(key, value) {
      const wasHere = await local.deleteIfEquals(key, value)
      return (await ask(() => redis.deleteIfEquals(key, value))) ?? wasHere
    },

    async increment(key, windowSeconds, hits) {
      const here = await local.increment(key, windowSeconds, hits)
      const there = await ask(() => redis.increment(key, windowSeconds * 1000, hits))
      return there === undefined ? here : higher(here, there)
    },

    async appendToLogs(appends) {
      const missing = await ask(() => twice(() => redis.appendToLogs(appends)))
      return missing ?? [...new Set(appends.map(({ key }) => key))]
    },

    async readLog(key, after) {
      return (await ask(() => twice(() => redis.readLog(key, after)))) ?? null
    },

    publish(channel, message) {
      local.publish(channel, message)
      if (isUp) redis.publish(channel, message)
    },

    subscribe(channel, listener) {
      const stops = [local.subscribe(channel, listener), redis.subscribe(channel, listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },

    state: () => (isUp ? 'up' : 'down'),
    failed,
    check,

    async close() {
      isClosed = true
      redis.close()
      await local.close()
    },
  }
}

/** Asked again, as a time limit may be passed because we were held up ourselves. A lost connection fails at once. */
function twice<T>(command: () => Promise<T>): Promise<T> {
  return command().catch(command)
}

function higher(a: WindowCount, b: WindowCount): WindowCount {
  return a.count > b.count ? a : b
}
