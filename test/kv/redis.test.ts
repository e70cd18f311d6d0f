import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { RedisClient } from 'bun'
import type { Kv } from '../../src/kv/kv.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLog } from '../../src/lib/log.ts'
import { type RedisServer, redisPassword, startRedis } from '../support/redis.ts'
import { hasPrograms } from '../support/services.ts'
import { keepsTheContract } from './contract.ts'
import { eventually } from './eventually.ts'
import { listenTo, whole } from './logs-contract.ts'

describe.skipIf(!hasPrograms('redis-server'))('with a real Redis', () => {
  const log = createLog('silent')
  let server: RedisServer
  let kv: Kv
  let other: Kv
  let redis: RedisClient
  const config = () => ({
    host: '127.0.0.1',
    port: server.port,
    username: null,
    password: redisPassword,
    db: 0,
    tls: false,
  })

  beforeAll(async () => {
    server = await startRedis()
    kv = await openKv(config(), log)
    other = await openKv(config(), log)
    redis = new RedisClient(server.url)
  })
  afterAll(async () => {
    redis.close()
    await kv.close()
    await other.close()
    await server.stop()
  })

  keepsTheContract('Redis', { kv: () => kv, pass: Bun.sleep })

  test('it is up from the start', () => {
    expect(kv.state()).toBe('up')
  })

  test('nothing stays for ever', async () => {
    await kv.set('ttl:value', '1', 60)
    await kv.setIfAbsent('ttl:lock', '1', 60)
    await kv.increment('ttl:counter', 60)
    for (const key of ['ttl:value', 'ttl:lock', 'ttl:counter']) {
      expect(await redis.send('PTTL', [key])).toBeWithin(50_000, 60_001)
    }
  })

  test('a counter that would count for ever is given an end', async () => {
    await redis.send('SET', ['endless', '41'])
    expect(await kv.increment('endless', 60)).toEqual({ count: 42, resetSeconds: 60 })
    expect(await redis.send('PTTL', ['endless'])).toBeWithin(50_000, 60_001)
  })

  test('two instances share values, counters and locks', async () => {
    await kv.set('shared:value', 'one', 60)
    expect(await other.get('shared:value')).toBe('one')
    const hits = await Promise.all([kv, other, kv, other].map((each) => each.increment('shared:hits', 60)))
    expect(hits.map((hit) => hit.count).sort()).toEqual([1, 2, 3, 4])
    expect(await kv.setIfAbsent('shared:lock', 'one', 60)).toBe(true)
    expect(await other.setIfAbsent('shared:lock', 'other', 60)).toBe(false)
    expect(await other.deleteIfEquals('shared:lock', 'other')).toBe(false)
    expect(await kv.deleteIfEquals('shared:lock', 'one')).toBe(true)
    expect(await other.setIfAbsent('shared:lock', 'other', 60)).toBe(true)
  })

  test('a refusal is no claim: the lock is free here too once the other has given it back', async () => {
    await other.setIfAbsent('refused:lock', 'other', 60)
    expect(await kv.setIfAbsent('refused:lock', 'one', 60)).toBe(false)
    await other.deleteIfEquals('refused:lock', 'other')
    expect(await kv.setIfAbsent('refused:lock', 'one', 60)).toBe(true)
  })

  test('a Redis that lost a counter does not lift the limit', async () => {
    for (let hit = 0; hit < 5; hit++) await kv.increment('evicted', 60)
    await redis.send('DEL', ['evicted'])
    expect((await kv.increment('evicted', 60)).count).toBe(6)
  })

  test('a lock that Redis lost is put back when its owner prolongs it', async () => {
    await kv.setIfAbsent('lost:lock', 'one', 60)
    await redis.send('DEL', ['lost:lock'])
    expect(await kv.expire('lost:lock', 60)).toBe(true)
    expect(await other.setIfAbsent('lost:lock', 'other', 60)).toBe(false)
    expect(await redis.get('lost:lock')).toBe('one')
    expect(await kv.deleteIfEquals('lost:lock', 'one')).toBe(true)
    expect(await kv.expire('lost:lock', 60)).toBe(false)
  })

  test('another database is another store', async () => {
    const second = await openKv({ ...config(), db: 1 }, log)
    await kv.set('db', 'zero', 60)
    expect(await second.get('db')).toBeNull()
    await second.close()
  })

  test('a named account with narrow rights', async () => {
    const rules = [
      'on',
      '>narrow',
      '~*',
      '-@all',
      '+get',
      '+set',
      '+del',
      '+pexpire',
      '+eval',
      '+incrby',
      '+pttl',
      '+exists',
      '+xadd',
      '+xrange',
      '&cloudchat:*',
      '+publish',
      '+subscribe',
      '+unsubscribe',
      '+ping',
    ]
    await redis.send('ACL', ['SETUSER', 'cloudchat', ...rules])
    const narrow = await openKv({ ...config(), username: 'cloudchat', password: 'narrow' }, log)
    expect(narrow.state()).toBe('up')
    expect((await narrow.increment('narrow', 60)).count).toBe(1)
    expect(await redis.get('narrow')).toBe('1')
    expect(await narrow.appendToLogs([whole('narrow:log', 1, 'one')])).toEqual([])
    expect(await narrow.readLog('narrow:log', 0)).toHaveLength(1)
    const { heard } = listenTo(other, 'narrow')
    await eventually(() => {
      narrow.publish('narrow', 'one')
      return heard.length > 0
    })
    await narrow.close()
  })
})
