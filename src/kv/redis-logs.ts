import type { Redis } from 'ioredis'
import type { KvLogEntry, LogAppend } from './kv.ts'

/**
 * One command an append, so that nobody ever reads half of a log that is written anew, and no append outlives the
 * log it belongs to. What is there already was sent before, by an attempt whose answer was lost.
 */
const append = `
local key = KEYS[1]
if ARGV[4] == '1' then
  redis.call('DEL', key)
elseif redis.call('EXISTS', key) == 0 then
  return 0
end
local added = redis.pcall('XADD', key, ARGV[1] .. '-0', 'v', ARGV[2])
if type(added) == 'table' and added.err and not string.find(added.err, 'equal or smaller', 1, true) then
  if string.find(added.err, 'WRONGTYPE', 1, true) then return 0 end
  return added
end
redis.call('PEXPIRE', key, ARGV[3])
return 1`

/** Logs as streams, an entry under the id `<number>-0`. Every command touches one key. */
export function createRedisLogs(client: Redis) {
  return {
    /** One write and one read of the connection for all of them (its automatic pipeline). */
    async append(appends: LogAppend[]): Promise<string[]> {
      const answers = await Promise.all(
        appends.map(({ key, number, value, ttlSeconds, isWhole }) =>
          client.eval(append, 1, key, number, value, Math.ceil(ttlSeconds * 1000), isWhole ? 1 : 0),
        ),
      )
      return [...new Set(appends.filter((_, index) => answers[index] === 0).map(({ key }) => key))]
    },

    async read(key: string, after: number): Promise<KvLogEntry[] | null> {
      const [entries, isThere] = await Promise.all([
        client.xrange(key, `${after + 1}-0`, '+'),
        client.exists(key),
      ])
      if (isThere === 0) return null
      return entries.map(([id, fields]) => ({ number: Number.parseInt(id, 10), value: fields[1] ?? '' }))
    },
  }
}
