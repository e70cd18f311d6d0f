import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { RedisClient } from 'bun'
import type { Kv } from '../../src/kv/kv.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLog } from '../../src/lib/log.ts'
import { freePort } from '../support/ports.ts'
import { type RedisServer, redisPassword, startRedis } from '../support/redis.ts'
import { hasPrograms } from '../support/services.ts'
import { keepsTheContract } from './contract.ts'
import { eventually } from './eventually.ts'

const lines: string[] = []
const log = createLog('info', (line) => void lines.push(line))
const messages = () => lines.map((line) => JSON.parse(line).msg)
const away = 'Redis is away: this process stands in for it'
const back = 'Redis is back'

function configOf(port: number, password: string | null = redisPassword) {
  return { host: '127.0.0.1', port, username: null, password, db: 0, tls: false }
}

describe('with nobody there', async () => {
  const kv = await openKv(configOf(await freePort()), createLog('silent'))
  afterAll(() => kv.close())
  keepsTheContract('the stand-in', { kv: () => kv, pass: Bun.sleep })

  test('it is down', () => {
    expect(kv.state()).toBe('down')
  })
})

test('a Redis that is away at the start is said once, with the reason', async () => {
  lines.length = 0
  const kv = await openKv(configOf(await freePort()), log)
  for (let call = 0; call < 10; call++) await kv.increment('hits', 60)
  await Bun.sleep(1000)
  expect(messages()).toEqual([away])
  expect(JSON.parse(lines[0] ?? '').reason).toContain('ECONNREFUSED')
  await kv.close()
  expect(messages()).toEqual([away])
})

describe.skipIf(!hasPrograms('redis-server'))('an outage', () => {
  let server: RedisServer
  let kv: Kv
  beforeEach(async () => {
    server = await startRedis()
    lines.length = 0
    kv = await openKv(configOf(server.port), log)
  })
  afterEach(async () => {
    await kv.close()
    await server.kill()
  })
  const isUp = () => kv.state() === 'up'
  const isDown = () => kv.state() === 'down'

  /** The two ways to be away: gone with all it held, or hung with its connections open. */
  const ways = [
    ['killed', () => server.kill(), () => server.start()],
    ['hung', async () => server.freeze(), async () => server.thaw()],
  ] as const

  for (const [way, leave, comeBack] of ways) {
    describe(way, () => {
      test('the state is right without traffic, and each change is logged once', async () => {
        await leave()
        await eventually(isDown)
        await Bun.sleep(1000)
        await comeBack()
        await eventually(isUp)
        expect(messages()).toEqual([away, back])
        await leave()
        await eventually(isDown)
        await comeBack()
        await eventually(isUp)
        expect(messages()).toEqual([away, back, away, back])
      })

      test('under calls: none rejects, no hit is lost, the window goes on', async () => {
        let hits = 0
        const counts: number[] = []
        async function callUntil(isSo: () => boolean) {
          await eventually(async () => {
            hits += 3
            const some = await Promise.all([1, 2, 3].map(() => kv.increment('hits', 600)))
            counts.push(...some.map((hit) => hit.count))
            await Promise.all([kv.set('value', String(hits), 60), kv.get('value')])
            return isSo()
          })
        }
        await callUntil(() => hits > 30)
        await leave()
        await callUntil(isDown)
        const atOutage = hits
        await callUntil(() => hits > atOutage + 30)
        await comeBack()
        await callUntil(isUp)
        const atReturn = hits
        await callUntil(() => hits > atReturn + 30)
        // A hit whose answer came too late may count twice in Redis: never fewer.
        expect(Math.max(...counts)).toBeGreaterThanOrEqual(hits)
        expect(Math.min(...counts)).toBe(1)
        expect(counts.filter((count) => count === 1)).toHaveLength(1)
        expect(await kv.get('value')).toBe(String(hits))
      })

      test('a lock of this process holds all the way through', async () => {
        expect(await kv.setIfAbsent('lock', 'mine', 60)).toBe(true)
        await leave()
        await eventually(isDown)
        expect(await kv.setIfAbsent('lock', 'theirs', 60)).toBe(false)
        await comeBack()
        await eventually(isUp)
        expect(await kv.setIfAbsent('lock', 'theirs', 60)).toBe(false)
        await kv.deleteIfEquals('lock', 'mine')
        expect(await kv.setIfAbsent('lock', 'theirs', 60)).toBe(true)
      })

      test('what was written meanwhile is carried over, and what was deleted stays deleted', async () => {
        await Promise.all(
          ['kept', 'written', 'deleted', 'rewritten'].map((key) => kv.set(key, 'before', 600)),
        )
        await leave()
        await eventually(isDown)
        await kv.set('written', 'during', 300)
        await kv.set('new', 'during', 300)
        await kv.set('brief', 'during', 0.01)
        await kv.delete('deleted')
        await kv.delete('rewritten')
        await kv.set('rewritten', 'during', 300)
        await kv.set('gone', 'during', 300)
        await kv.delete('gone')
        expect(await kv.get('written')).toBe('during')
        await comeBack()
        await eventually(isUp)
        const redis = new RedisClient(server.url)
        const keys = ['kept', 'written', 'new', 'brief', 'deleted', 'rewritten', 'gone']
        const values = await Promise.all(keys.map((key) => redis.get(key)))
        const kept = way === 'killed' ? null : 'before'
        expect(values).toEqual([kept, 'during', 'during', null, null, 'during', null])
        expect(await redis.send('PTTL', ['written'])).toBeWithin(200_000, 300_001)
        redis.close()
        await kv.set('written', 'after', 60)
        expect(await kv.get('written')).toBe('after')
      })
    })
  }

  test('more than fits in one go is carried over as well', async () => {
    await server.kill()
    await eventually(isDown)
    for (let index = 0; index < 1000; index++) await kv.set(`key ${index}`, String(index), 60)
    await server.start()
    await eventually(isUp)
    const redis = new RedisClient(server.url)
    const values = await Promise.all(Array.from({ length: 1000 }, (_, index) => redis.get(`key ${index}`)))
    expect(values).toEqual(values.map((_, index) => String(index)))
    redis.close()
  })

  test('a Redis that takes no writes is away, although it answers', async () => {
    const redis = new RedisClient(server.url)
    await redis.send('REPLICAOF', ['127.0.0.1', '1'])
    await eventually(isDown)
    expect((await kv.increment('hits', 60)).count).toBe(1)
    await redis.send('REPLICAOF', ['NO', 'ONE'])
    await eventually(isUp)
    expect((await kv.increment('hits', 60)).count).toBe(2)
    expect(messages()).toEqual([away, back])
    redis.close()
  })

  test('it comes up by itself when it was away at the start', async () => {
    await kv.close()
    await server.kill()
    kv = await openKv(configOf(server.port), log)
    expect(kv.state()).toBe('down')
    await kv.set('value', 'early', 60)
    await server.start()
    await eventually(isUp)
    expect(await kv.get('value')).toBe('early')
  })

  test('closing is no outage', async () => {
    await kv.close()
    await Bun.sleep(100)
    expect(lines).toEqual([])
  })

  test.each(['a-wrong-secret', null])(
    'a wrong password (%p) is said clearly and not shown',
    async (password) => {
      const printed: string[] = []
      const originals = { warn: console.warn, error: console.error }
      console.warn = console.error = (...words: unknown[]) => void printed.push(words.join(' '))
      const refused = await openKv(configOf(server.port, password), log)
      expect(refused.state()).toBe('down')
      expect((await refused.increment('hits', 60)).count).toBe(1)
      await refused.close()
      Object.assign(console, originals)
      expect(messages()).toEqual([away])
      expect(JSON.parse(lines[0] ?? '').reason).toMatch(/WRONGPASS|NOAUTH/)
      expect(lines.join() + printed.join()).not.toContain('a-wrong-secret')
    },
  )
})
