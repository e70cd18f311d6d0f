import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Kv } from '../../src/kv/kv.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLog } from '../../src/lib/log.ts'
import { freePort } from '../support/ports.ts'
import { type RedisServer, redisPassword, startRedis } from '../support/redis.ts'
import { hasPrograms } from '../support/services.ts'
import { keepsChannels } from './channels-contract.ts'
import { eventually } from './eventually.ts'
import { listenTo, more, whole } from './logs-contract.ts'

const lines: string[] = []
const log = createLog('info', (line) => void lines.push(line))
const configOf = (port: number) => ({
  host: '127.0.0.1',
  port,
  username: null,
  password: redisPassword,
  db: 0,
  tls: false,
})

describe('with nobody there', async () => {
  const kv = await openKv(configOf(await freePort()), createLog('silent'))
  keepsChannels('the stand-in', () => kv)

  test('no log is there, each of them is to be written again, and none is kept meanwhile', async () => {
    expect(await kv.appendToLogs([whole('one', 1, 'x'), more('one', 2, 'y'), more('other', 1, 'z')])).toEqual(
      ['one', 'other'],
    )
    expect(await kv.readLog('one', 0)).toBeNull()
    expect(await kv.appendToLogs([])).toEqual([])
  })
})

describe.skipIf(!hasPrograms('redis-server'))('what instances share, in an outage', () => {
  let server: RedisServer
  let kv: Kv
  let other: Kv
  beforeEach(async () => {
    server = await startRedis()
    lines.length = 0
    kv = await openKv(configOf(server.port), log)
    other = await openKv(configOf(server.port), log)
  })
  afterEach(async () => {
    await kv.close()
    await other.close()
    await server.kill()
  })
  const areBoth = (state: string) => () => kv.state() === state && other.state() === state

  for (const [way, leave, comeBack] of [
    ['killed', () => server.kill(), () => server.start()],
    ['hung', async () => server.freeze(), async () => server.thaw()],
  ] as const) {
    describe(way, () => {
      test('logs: all are to be written again, and are whole afterwards', async () => {
        await kv.appendToLogs([whole('log', 1, 'one')])
        await leave()
        // At once: the loss is noticed by this very call.
        expect(await kv.appendToLogs([more('log', 2, 'two'), more('gone', 1, 'one')])).toEqual([
          'log',
          'gone',
        ])
        expect(await kv.readLog('log', 0)).toBeNull()
        await eventually(areBoth('down'))
        await comeBack()
        await eventually(areBoth('up'))
        expect(await kv.appendToLogs([whole('log', 2, 'one and two')])).toEqual([])
        expect(await kv.appendToLogs([more('log', 3, 'three')])).toEqual([])
        expect(await other.readLog('log', 0)).toEqual([
          { number: 2, value: 'one and two' },
          { number: 3, value: 'three' },
        ])
      })

      test('messages: this process hears its own all the time and once, the other again afterwards', async () => {
        const [here, there] = [listenTo(kv, 'words'), listenTo(other, 'words')]
        let sent = 0
        const say = () => kv.publish('words', String(++sent))
        await eventually(() => {
          say()
          return there.heard.length > 0
        })
        await leave()
        say()
        await eventually(areBoth('down'))
        say()
        await comeBack()
        await eventually(areBoth('up'))
        const atReturn = sent
        await eventually(() => {
          say()
          return there.heard.some((message) => Number(message) > atReturn)
        })
        // Channels that were taken up meanwhile count as well.
        const later = listenTo(other, 'later')
        await eventually(() => {
          kv.publish('later', 'now')
          return later.heard.length > 0
        })
        expect(here.heard).toEqual(Array.from({ length: sent }, (_, index) => String(index + 1)))
        expect(there.heard).toEqual([...new Set(there.heard)])
      })
    })
  }

  test('a channel that is first listened to while Redis is away is heard when it is back', async () => {
    await server.kill()
    await eventually(areBoth('down'))
    const kept = listenTo(other, 'kept')
    listenTo(other, 'left').stop()
    await server.start()
    await eventually(() => {
      kv.publish('kept', 'one')
      return kept.heard.length > 0
    })
  })

  test('closing while Redis is away leaves nothing behind', async () => {
    listenTo(kv, 'closing')
    await server.kill()
    await kv.close()
    kv.publish('closing', 'nobody')
    expect(await kv.appendToLogs([whole('closing', 1, 'one')])).toEqual(['closing'])
  })
})
