import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { LogEntry, TurnEvent } from '../../../src/modules/chat/events.ts'
import { followTurn } from '../../../src/modules/chat/follow-turn.ts'
import { createTurnLog, type TurnLog } from '../../../src/modules/chat/turn-log.ts'

const delta = (text: string): TurnEvent => ({ type: 'delta', data: { text } })
const usage: TurnEvent = {
  type: 'usage',
  data: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, estimated: false, cost: null },
}
const done: TurnEvent = { type: 'done', data: { finish_reason: 'stop' } }

describe("a turn's log", () => {
  test('numbers its entries from 1 without gaps', () => {
    const log = createTurnLog()
    for (const text of ['a', 'b', 'c']) log.append(delta(text))
    expect(log.after(0)?.map(({ seq, data }) => [seq, data])).toEqual([
      [1, '{"text":"a"}'],
      [2, '{"text":"b"}'],
      [3, '{"text":"c"}'],
    ])
    expect(log.text).toBe('abc')
  })

  test('nothing follows its end', () => {
    const log = createTurnLog()
    log.append(done)
    expect(log.isEnded).toBe(true)
    expect(() => log.append(delta('late'))).toThrow()
  })

  test('does not have what lies before it or beyond it', () => {
    const log = createTurnLog({ seq: 5, text: 'before', reasoning: '' })
    log.append(delta(' and after'))
    expect(log.after(4)).toBeNull()
    expect(log.after(7)).toBeNull()
    expect(log.after(5)?.map(({ seq }) => seq)).toEqual([6])
    expect(log.after(6)).toEqual([])
  })

  test('its snapshot is all that was said, under the last number, and then the end', () => {
    const log = createTurnLog({ seq: 5, text: 'before', reasoning: 'thought' })
    log.append(delta(', after'))
    const whole = {
      seq: 6,
      type: 'snapshot',
      data: '{"text":"before, after","reasoning":"thought"}',
    } as const
    expect(log.snapshot()).toEqual([whole])
    log.append(usage)
    log.append(done)
    expect(log.snapshot().map(({ seq, type }) => [seq, type])).toEqual([
      [6, 'snapshot'],
      [7, 'usage'],
      [8, 'done'],
    ])
  })
})

describe('readers of a log', () => {
  test('what was read before a break and after it is the whole log, wherever and however often it broke', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 20 }),
        fc.array(fc.nat(6), { maxLength: 8 }),
        async (texts, breaks) => {
          const log = createTurnLog()
          const writing = write(log, texts)
          const read = await readWithBreaks(log, breaks)
          await writing
          expect(read).toEqual(log.after(0) ?? [])
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('a reader who has all is woken by the next entry and by the end', async () => {
    const log = createTurnLog()
    log.append(delta('a'))
    const reader = await readerOf(log, 1)
    const next = reader.next()
    log.append(delta('b'))
    expect((await next)?.map(({ seq }) => seq)).toEqual([2])
    const last = reader.next()
    log.append(done)
    expect((await last)?.map(({ type }) => type)).toEqual(['done'])
    expect(await reader.next()).toBeNull()
  })

  test('a reader from the future gets the snapshot, then what follows', async () => {
    const log = createTurnLog()
    log.append(delta('a'))
    const reader = await readerOf(log, 99)
    expect((await reader.next())?.map(({ seq, type }) => [seq, type])).toEqual([[1, 'snapshot']])
    log.append(delta('b'))
    expect((await reader.next())?.map(({ seq, type }) => [seq, type])).toEqual([[2, 'delta']])
  })

  test('a reader who is far behind gets what he lacks piece by piece, and it is all of it', async () => {
    const log = createTurnLog()
    for (let count = 0; count < 3000; count++) log.append(delta('x'.repeat(1000)))
    log.append(delta('y'.repeat(1_000_000)))
    log.append(done)
    const reader = await readerOf(log, 0)
    const read: LogEntry[] = []
    for (let entries = await reader.next(); entries !== null; entries = await reader.next()) {
      const size = entries.reduce((sum, { data }) => sum + data.length, 0)
      expect(entries.length === 1 || size <= 100_000).toBe(true)
      read.push(...entries)
    }
    expect(read).toEqual(log.after(0) ?? [])
  })

  test('closing ends a wait', async () => {
    const reader = await readerOf(createTurnLog(), 0)
    const next = reader.next()
    reader.close()
    expect(await next).toBeNull()
  })
})

async function write(log: TurnLog, texts: string[]): Promise<void> {
  for (const text of texts) {
    log.append(delta(text))
    if (text.length % 2 === 0) await Promise.resolve()
  }
  log.append(usage)
  log.append(done)
}

/** Leaves after so many rounds, and comes back with the number of the last entry that it has. */
async function readWithBreaks(log: TurnLog, breaks: number[]): Promise<LogEntry[]> {
  const read: LogEntry[] = []
  for (let visit = 0; ; visit++) {
    const reader = await readerOf(log, read.at(-1)?.seq ?? 0)
    const rounds = breaks[visit] ?? Number.POSITIVE_INFINITY
    for (let round = 0; round < rounds; round++) {
      const entries = await reader.next()
      if (entries === null) return read
      read.push(...entries)
    }
    reader.close()
  }
}

/** As a person's request gets one: through the turns of this process. */
function readerOf(log: TurnLog, after: number) {
  const live = { userId: 1, log, readers: 0, left() {} }
  const deps = { turns: new Map([['turn', live]]), config: { turns: { maxReaders: null } } }
  return followTurn(deps as never, 1, 'turn', after)
}
