import { expect, test } from 'bun:test'
import { createBell } from '../../src/lib/bell.ts'
import { createLog } from '../../src/lib/log.ts'
import { startLoop } from '../../src/lib/loop.ts'

const anHour = 3_600_000

/** A loop whose rounds are watched one by one. */
function setUp(work: (round: number) => Promise<void> = async () => {}) {
  const bell = createBell()
  const lines: string[] = []
  const rounds: PromiseWithResolvers<void>[] = []
  const round = (n: number) => (rounds[n] ??= Promise.withResolvers<void>())
  let count = 0
  const loop = startLoop({
    name: 'test',
    pauseMs: anHour,
    bell,
    log: createLog('debug', (line) => lines.push(JSON.parse(line).level)),
    work: async () => {
      const present = count++
      round(present).resolve()
      await work(present)
    },
  })
  return { bell, loop, lines, count: () => count, untilRound: (n: number) => round(n).promise }
}

test('the first round is at once, the next when the bell rings', async () => {
  const { bell, loop, untilRound } = setUp()
  await untilRound(0)
  bell.ring()
  await untilRound(1)
  await loop.stop()
})

test('a bell that rings during a round is not missed', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { bell, loop, untilRound } = setUp((round) => (round === 0 ? promise : Promise.resolve()))
  await untilRound(0)
  bell.ring()
  resolve()
  await untilRound(1)
  await loop.stop()
})

test('a failing round ends nothing, and is told once until it works again', async () => {
  const { bell, loop, lines, untilRound } = setUp(async (round) => {
    if (round < 2) throw new Error('away')
  })
  for (const n of [0, 1, 2]) {
    await untilRound(n)
    await Bun.sleep(0)
    bell.ring()
  }
  await untilRound(3)
  await loop.stop()
  expect(lines).toEqual(['warn', 'debug', 'info'])
})

test('after stopping no round begins', async () => {
  const { bell, loop, count, untilRound } = setUp()
  await untilRound(0)
  await loop.stop()
  bell.ring()
  await Bun.sleep(0)
  expect(count()).toBe(1)
})

test('stopping does not wait for ever for a round that hangs', async () => {
  const { loop, untilRound } = setUp(() => new Promise(() => {}))
  await untilRound(0)
  await loop.stop(10)
})
