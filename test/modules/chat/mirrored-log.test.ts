import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { LogAppend } from '../../../src/kv/kv.ts'
import type { LogEntry } from '../../../src/modules/chat/events.ts'
import { followTurn } from '../../../src/modules/chat/follow-turn.ts'
import { mirrorLogs } from '../../../src/modules/chat/mirrored-log.ts'
import { storeChunks } from '../../../src/modules/chat/store-chunks.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { rows, textOf } from './chat.ts'
import { readUntil, speakToo, startTwo } from './two-instances.ts'

describeOnBothStacks('what a turn has said, for other instances', (start) => {
  test('a log that the shared store has lost is written again as a whole', async () => {
    await using at = await startTwo(start)
    if (at.here.kv.state() === 'embedded') return
    await at.say('one')
    await mirrorLogs(at.here)
    await at.here.kv.delete(`turn:${at.turnId}:log`)
    await at.say(', two')
    await mirrorLogs(at.here)
    await mirrorLogs(at.here)
    const reader = await followTurn(at.there, at.userId, at.turnId, 0)
    const entries = await readUntil(reader, ', two')
    reader.close()
    expect(entries).toEqual(at.here.turns.get(at.turnId)?.log.after(0) ?? [])
  })

  test('goes on where it was when the shared store loses it: nobody is told less than he has', async () => {
    await using at = await startTwo(start)
    if (at.here.kv.state() === 'embedded') return
    const { kv } = at.there
    let looks = 0
    const readLog: typeof kv.readLog = async (key, after) => {
      const records = await kv.readLog(key, after)
      if (records === null) looks++
      return records
    }
    await at.say('one')
    await storeChunks(at.here)
    await at.say(', two')
    await mirrorLogs(at.here)
    const reader = await followTurn({ ...at.there, kv: { ...kv, readLog } }, at.userId, at.turnId, 0)
    const read = await readUntil(reader, ', two')
    await kv.delete(`turn:${at.turnId}:log`)
    // The database was asked what it has by the second time.
    while (looks < 2) await Bun.sleep(1)
    await at.say(', three')
    await mirrorLogs(at.here)
    await mirrorLogs(at.here)
    read.push(...(await readUntil(reader, ', three')))
    reader.close()
    expect(read).toEqual(at.here.turns.get(at.turnId)?.log.after(0) ?? [])
  })

  test('goes to the shared store with all others at once, and is kept there for some minutes after its end', async () => {
    await using at = await startTwo(start)
    if (at.here.kv.state() === 'embedded') return
    await speakToo(at, 2)
    const { kv } = at.here
    const calls: LogAppend[][] = []
    const appendToLogs: typeof kv.appendToLogs = (appends) => {
      calls.push(appends)
      return kv.appendToLogs(appends)
    }
    const mirror = () => mirrorLogs({ ...at.here, kv: { ...kv, appendToLogs } })
    for (const word of ['one', ', two', ', three']) await at.say(word)
    await mirror()
    await mirror()
    expect(calls.map((appends) => appends.length)).toEqual([3])
    at.answer.end()
    await at.here.turns.get(at.turnId)?.ended
    await mirror()
    const [whileRunning, afterEnd] = calls.map(([append]) => append?.ttlSeconds ?? 0)
    // An answer may say nothing for long, and what is over is soon read from the database.
    expect(whileRunning).toBeGreaterThanOrEqual(1800)
    expect(afterEnd).toBeWithin(60, 900)
  })

  test('is kept by one insert with all others, which has only what is new', async () => {
    await using at = await startTwo(start)
    await speakToo(at, 2)
    const { db } = at.here
    let statements = 0
    const execute: typeof db.execute = (query) => {
      statements++
      return db.execute(query)
    }
    const counting = { ...at.here, db: { execute } as never }
    await at.say('one')
    await storeChunks(counting)
    await storeChunks(counting)
    expect(statements).toBe(1)
    await at.say(', two')
    await storeChunks(counting)
    expect(statements).toBe(2)
    const kept = await rows(
      at.here,
      sql`select text from turn_chunks where turn_id = ${at.turnId}::uuid order by seq`,
    )
    expect(kept).toEqual([{ text: 'one' }, { text: ', two' }])
    expect(await rows(at.here, sql`select count(*)::integer as count from turn_chunks`)).toEqual([
      { count: 4 },
    ])
  })

  test('is followed by what is kept while the shared store is away, and by the store again afterwards', async () => {
    await using at = await startTwo(start)
    if (at.here.kv.state() === 'embedded') return
    let isAway = false
    const { kv } = at.there
    const readLog: typeof kv.readLog = async (key, after) => (isAway ? null : kv.readLog(key, after))
    const reader = await followTurn({ ...at.there, kv: { ...kv, readLog } }, at.userId, at.turnId, 0)
    const read: LogEntry[] = []
    for (const [word, away] of [
      ['one', false],
      [', two', true],
      [', three', true],
      [', four', false],
    ] as const) {
      isAway = away
      await at.say(word)
      if (away) await storeChunks(at.here)
      else await mirrorLogs(at.here)
      read.push(...(await readUntil(reader, word)))
    }
    expect(textOf(read)).toBe('one, two, three, four')
    reader.close()
  })
})
