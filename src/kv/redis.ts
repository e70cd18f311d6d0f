import type { RedisConfig } from '../config.ts'
import type { ChannelListener } from './channels.ts'
import type { KvLogEntry, LogAppend, WindowCount } from './kv.ts'
import { createRedisChannels } from './redis-channels.ts'
import { createRedisClient, failureText } from './redis-client.ts'
import { createRedisLogs } from './redis-logs.ts'

export interface ConnectionListener {
  onReady(): void
  onFailure(reason: string): void
  /** Redis is there and does not let us use channels. */
  onRefusal(reason: string): void
}

const nobody: ConnectionListener = { onReady() {}, onFailure() {}, onRefusal() {} }

/** The commands of the store on Redis. Each rejects within 200 ms when Redis does not answer. */
export interface RedisStore {
  get(key: string): Promise<string | null>
  set(key: string, value: string, ttlMs: number): Promise<void>
  delete(key: string): Promise<void>
  expire(key: string, ttlMs: number): Promise<boolean>
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>
  deleteIfEquals(key: string, value: string): Promise<boolean>
  increment(key: string, windowMs: number, hits?: number): Promise<WindowCount>
  /** Answers the keys of the logs that are not there. */
  appendToLogs(appends: LogAppend[]): Promise<string[]>
  readLog(key: string, after: number): Promise<KvLogEntry[] | null>
  /** Never rejects: a message that cannot be sent now is lost. */
  publish(channel: string, message: string): void
  /** Hears what other processes publish. */
  subscribe(channel: string, listener: ChannelListener): () => void
  /** Tells of each connection that is ready for commands, and of each that was refused or lost, with the reason. */
  listen(listener: ConnectionListener): void
  /** Rejects unless Redis takes writes: a PING is answered by replicas and by a Redis that is full as well. */
  probe(): Promise<void>
  /** Why something failed, in words that hold no secret. */
  explain(error: unknown): string
  close(): void
}

const deleteIfEquals = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/** The first hit sets the end of the window. So does any hit on a key that has none and would count for ever. */
const increment = `
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
local ttl = redis.call('PTTL', KEYS[1])
if ttl < 0 then
  ttl = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ttl)
end
return { count, ttl }`

/** Connects by itself, again and again. */
export function createRedisStore(config: RedisConfig): RedisStore {
  const client = createRedisClient(config)
  const explain = (error: unknown) => failureText(error, config.password)
  let listener = nobody
  client.on('ready', () => listener.onReady())
  // Without this listener every attempt would be printed.
  client.on('error', (error) => listener.onFailure(explain(error)))
  client.on('close', () => listener.onFailure('the connection was closed'))
  const logs = createRedisLogs(client)
  const channels = createRedisChannels(config, client, (error) => listener.onRefusal(explain(error)))
  return {
    get: (key) => client.get(key),
    async set(key, value, ttlMs) {
      await client.set(key, value, 'PX', whole(ttlMs))
    },
    async delete(key) {
      await client.del(key)
    },
    expire: async (key, ttlMs) => (await client.pexpire(key, whole(ttlMs))) === 1,
    setIfAbsent: async (key, value, ttlMs) =>
      (await client.set(key, value, 'PX', whole(ttlMs), 'NX')) !== null,
    deleteIfEquals: async (key, value) => (await client.eval(deleteIfEquals, 1, key, value)) === 1,
    async increment(key, windowMs, hits = 1) {
      const [count, ttlMs] = (await client.eval(increment, 1, key, whole(windowMs), hits)) as [number, number]
      return { count, resetSeconds: Math.max(1, Math.ceil(ttlMs / 1000)) }
    },
    appendToLogs: logs.append,
    readLog: logs.read,
    publish: channels.publish,
    subscribe: channels.subscribe,
    async probe() {
      await client.set('cloudchat:probe', '1', 'PX', 10_000)
    },
    listen(given) {
      listener = given
    },
    explain,
    close() {
      listener = nobody
      client.disconnect()
      channels.close()
    },
  }
}

function whole(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
