import { Redis, type RedisOptions } from 'ioredis'
import type { RedisConfig } from '../config.ts'

/** Nobody waits longer than this for a store that may be lost anyway. */
const commandTimeoutMs = 200
const longestRetryMs = 500
/** A connection that is silent for so long while an answer is due leads nowhere: a new one may. */
const socketTimeoutMs = 3000

/** A connection that fails fast and mends itself for ever. Its `error` event must be listened to. */
export function createRedisClient(config: RedisConfig, special: RedisOptions = {}): Redis {
  return new Redis({
    host: config.host,
    port: config.port,
    db: config.db,
    ...(config.username === null ? {} : { username: config.username }),
    ...(config.password === null ? {} : { password: config.password }),
    ...(config.tls ? { tls: {} } : {}),
    commandTimeout: commandTimeoutMs,
    connectTimeout: (config.connectTimeoutSeconds ?? 2) * 1000,
    socketTimeout: socketTimeoutMs,
    keepAlive: 30_000,
    // Commands of one turn of the event loop go out in one write, instead of a system call for each.
    enableAutoPipelining: true,
    // A command that cannot be sent now, or whose answer was lost, fails instead of waiting for better times.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Whether it is ready is found out by writing to it; INFO may be forbidden.
    enableReadyCheck: false,
    retryStrategy: (tries) => Math.min(tries * 100, longestRetryMs),
    // After a failover the old primary is read-only: look up the name again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...special,
  })
}

/** Only ever the text: the driver hangs the whole command on its errors, and for AUTH that is the password. */
export function failureText(error: unknown, password: string | null): string {
  const text = textOf(error)
  return password ? text.replaceAll(password, '[redacted]') : text
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0])
  if (!(error instanceof Error)) return 'unknown'
  if (error.message.startsWith("Stream isn't writeable")) return 'not connected'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message || code || 'unknown'
}
