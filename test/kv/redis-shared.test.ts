import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { RedisClient } from 'bun'
import type { Kv } from '../../src/kv/kv.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLog } from '../../src/lib/log.ts'
import { type RedisServer, redisPassword, startRedis } from '../support/redis.ts'
import { hasPrograms } from '../support/services.ts'
import { keepsChannels } from './channels-contract.ts'
import { eventually } from './eventually.ts'
import { keepsLogs, listenTo, more, whole } from './logs-contract.ts'

describe.skipIf(!hasPrograms('redis-server'))('what several instances share through a real Redis', () => {
  const lines: string[] = []
  const log = createLog('info', (line) => void lines.push(line))
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

  /** Until the other process is known to listen, messages are lost to it. */
  async function hearsFrom(from: Kv, heard: string[], channel: string): Promise<void> {
    await eventually(() => {
      from.publish(channel, 'are you there?')
      return heard.length > 0
    })
    from.publish(channel, 'that is all')
    await eventually(() => heard.includes('that is all'))
    heard.length = 0
  }

  async function listenersOf(channel: string): Promise<number> {
    const answer = await redis.send('PUBSUB', ['NUMSUB', channel])
    return Number(Array.isArray(answer) ? answer[1] : answer[channel])
  }

  keepsLogs('Redis', { kv: () => kv, pass: Bun.sleep })
  keepsChannels('Redis', () => kv)

  test('a log is read wherever it was written', async () => {
    await kv.appendToLogs([whole('shared:log', 1, 'one')])
    await kv.appendToLogs([more('shared:log', 3, 'three')])
    expect(await other.readLog('shared:log', 1)).toEqual([{ number: 3, value: 'three' }])
  })

  test('a log that Redis lost is told of, and is whole again once its owner has written it', async () => {
    await kv.appendToLogs([whole('evicted:log', 1, 'one')])
    await redis.send('DEL', ['evicted:log'])
    expect(await kv.appendToLogs([more('evicted:log', 2, 'two')])).toEqual(['evicted:log'])
    expect(await other.readLog('evicted:log', 0)).toBeNull()
    expect(await kv.appendToLogs([whole('evicted:log', 2, 'one and two')])).toEqual([])
    expect(await other.readLog('evicted:log', 0)).toEqual([{ number: 2, value: 'one and two' }])
  })

  test('no log stays for ever', async () => {
    await kv.appendToLogs([whole('ttl:log', 1, 'one', 60), more('ttl:log', 2, 'two', 30)])
    expect(await redis.send('PTTL', ['ttl:log'])).toBeWithin(20_000, 30_001)
  })

  test('something else under the name of a log is no log, and gives way to one', async () => {
    await redis.set('odd:log', 'text')
    expect(await kv.appendToLogs([more('odd:log', 1, 'one')])).toEqual(['odd:log'])
    expect(await kv.appendToLogs([whole('odd:log', 1, 'one')])).toEqual([])
    expect(kv.state()).toBe('up')
  })

  test('messages cross between instances, each heard once by everybody', async () => {
    const [here, there] = [listenTo(kv, 'crossing'), listenTo(other, 'crossing')]
    let sent = 0
    const say = (from: Kv, name: string) => from.publish('crossing', `${name} ${++sent}`)
    await eventually(() => {
      say(kv, 'kv')
      say(other, 'other')
      const isHeard = (heard: string[], name: string) => heard.some((message) => message.startsWith(name))
      return isHeard(here.heard, 'other') && isHeard(there.heard, 'kv')
    })
    say(kv, 'kv')
    say(other, 'other')
    const last = [`kv ${sent - 1}`, `other ${sent}`]
    for (const { heard, stop } of [here, there]) {
      await eventually(() => last.every((message) => heard.includes(message)))
      expect(heard).toEqual([...new Set(heard)])
      stop()
    }
  })

  test('another database is another set of channels', async () => {
    const second = await openKv({ ...config(), db: 1 }, log)
    const strange = listenTo(second, 'apart')
    const known = listenTo(other, 'apart')
    await eventually(async () => (await listenersOf('cloudchat:1:apart')) === 1)
    await hearsFrom(kv, known.heard, 'apart')
    expect(strange.heard).toEqual([])
    await second.close()
    known.stop()
  })

  test('Redis is asked for a channel as long as anybody listens, once for all of them', async () => {
    const name = 'cloudchat:0:counted'
    const listeners = [1, 2, 3].map(() => listenTo(kv, 'counted'))
    await eventually(async () => (await listenersOf(name)) === 1)
    listeners[0]?.stop()
    listeners[1]?.stop()
    const later = listenTo(other, 'counted')
    await eventually(async () => (await listenersOf(name)) === 2)
    listeners[2]?.stop()
    await eventually(async () => (await listenersOf(name)) === 1)
    later.stop()
    await eventually(async () => (await listenersOf(name)) === 0)
  })

  test('whoever stops and listens again at once is not forgotten', async () => {
    for (let round = 0; round < 20; round++) listenTo(other, 'again').stop()
    const { heard, stop } = listenTo(other, 'again')
    await hearsFrom(kv, heard, 'again')
    stop()
  })

  test('one connection more, however many channels', async () => {
    const before = Number(await clients())
    const busy = await openKv(config(), log)
    const listeners = Array.from({ length: 200 }, (_, index) => listenTo(busy, `channel ${index}`))
    await eventually(async () => (await listenersOf('cloudchat:0:channel 199')) === 1)
    expect(await clients()).toBe(before + 2)
    for (const { stop } of listeners) stop()
    await busy.close()
    await eventually(async () => (await clients()) === before)
  })

  test('a listener that throws keeps nobody from hearing, and the log tells of it', async () => {
    lines.length = 0
    const failing = kv.subscribe('failing', () => {
      throw new Error('a fault in a listener')
    })
    const { heard, stop } = listenTo(kv, 'failing')
    kv.publish('failing', 'one')
    await eventually(() => heard.length === 1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('a fault in a listener')
    failing()
    stop()
  })

  test('an account that may not use channels: said once, everything else works', async () => {
    const rules = ['on', '>narrow', '~*', 'resetchannels', '+@all']
    await redis.send('ACL', ['SETUSER', 'silent', ...rules])
    lines.length = 0
    const narrow = await openKv({ ...config(), username: 'silent', password: 'narrow' }, log)
    const { heard, stop } = listenTo(narrow, 'refused')
    await eventually(() => lines.length > 0)
    for (let round = 0; round < 5; round++) narrow.publish('refused', 'one')
    await eventually(() => heard.length === 5)
    expect(await narrow.appendToLogs([whole('narrow:log', 1, 'one')])).toEqual([])
    expect(narrow.state()).toBe('up')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/refuses messages.*/)
    expect(lines[0]).toContain('NOPERM')
    stop()
    await narrow.close()
  })

  async function clients(): Promise<number> {
    const info: string = await redis.send('INFO', ['clients'])
    return Number(/connected_clients:(\d+)/.exec(info)?.[1])
  }
})
