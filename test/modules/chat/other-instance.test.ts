import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Deps } from '../../../src/deps.ts'
import { continueAnswer } from '../../../src/modules/chat/answer-again.ts'
import type { LogEntry } from '../../../src/modules/chat/events.ts'
import { followTurn } from '../../../src/modules/chat/follow-turn.ts'
import { startChatJobs } from '../../../src/modules/chat/jobs.ts'
import { mirrorLogs } from '../../../src/modules/chat/mirrored-log.ts'
import { stopTurn } from '../../../src/modules/chat/stop-turn.ts'
import { storeChunks } from '../../../src/modules/chat/store-chunks.ts'
import { sweepTurns } from '../../../src/modules/chat/sweep-turns.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { messagesOf, otherInstance, readAll, rows, textOf } from './chat.ts'
import { readUntil, startTwo } from './two-instances.ts'

function refuse(): never {
  throw new Error('refused')
}

async function keepAll(deps: Deps): Promise<void> {
  await storeChunks(deps)
  await mirrorLogs(deps)
}

describeOnBothStacks('a turn of another instance', (start) => {
  test('is followed to its end', async () => {
    await using at = await startTwo(start)
    await at.say('one')
    await keepAll(at.here)
    const reader = await followTurn(at.there, at.userId, at.turnId, 0)
    expect(textOf(await readUntil(reader, 'one'))).toBe('one')
    await at.say(', two')
    await keepAll(at.here)
    await readUntil(reader, ', two')
    at.answer.end()
    await at.here.turns.get(at.turnId)?.ended
    await keepAll(at.here)
    const rest: LogEntry[] = []
    for (let entries = await reader.next(); entries !== null; entries = await reader.next())
      rest.push(...entries)
    expect(rest.at(-1)).toMatchObject({ type: 'done' })
    reader.close()
    expect(textOf(await readAll(at.there, at.userId, at.turnId))).toBe('one, two')
  })

  test('has the same numbers there, whichever of its copies is written first', async () => {
    await using at = await startTwo(start)
    if (at.here.kv.state() === 'embedded') return
    await at.say('one')
    await at.say(', two')
    await storeChunks(at.here)
    const early = await followTurn(at.there, at.userId, at.turnId, 0)
    const knows = await followTurn(at.there, at.userId, at.turnId, 2)
    await mirrorLogs(at.here)
    const log = at.here.turns.get(at.turnId)?.log.after(0) ?? []
    expect(await early.next()).toEqual(log)
    expect(await knows.next()).toEqual(log.slice(2))
    early.close()
    knows.close()
  })

  test('is stopped from here', async () => {
    await using at = await startTwo(start)
    const jobs = await startChatJobs(at.here, { isAlone: false })
    await at.say('so far')
    await stopTurn(at.there, at.userId, at.turnId)
    await at.answer.left
    await at.here.turns.get(at.turnId)?.ended
    expect((await messagesOf(at.here, at.conversationId))[1]).toMatchObject({
      status: 'stopped',
      content: 'so far',
    })
    await jobs.stop()
  })

  test('ends when its conversation is deleted', async () => {
    await using at = await startTwo(start)
    const jobs = await startChatJobs(at.here, { isAlone: false })
    await at.say('so far')
    await rows(at.there, sql`update conversations set deleted_at = now() returning id`)
    await at.answer.left
    await at.here.turns.get(at.turnId)?.ended
    expect((await messagesOf(at.here, at.conversationId))[1]?.status).toBe('stopped')
    await jobs.stop()
  })

  test('is ended with what was kept when that instance has died, once, and can be continued', async () => {
    await using at = await startTwo(start)
    await at.say('one')
    await at.say(', two')
    await storeChunks(at.here)
    await at.say(', three')
    await storeChunks(at.here)
    await at.say(', and what nobody has kept')
    const reader = await followTurn(at.there, at.userId, at.turnId, 0)
    // It has never said that it lives.
    expect(await Promise.all([sweepTurns(at.there), sweepTurns(otherInstance(at.here))])).toContain(1)
    const entries: LogEntry[] = []
    for (let next = await reader.next(); next !== null; next = await reader.next()) entries.push(...next)
    expect(textOf(entries)).toBe('one, two, three')
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toMatchObject({ code: 'interrupted' })
    expect((await messagesOf(at.here, at.conversationId))[1]).toMatchObject({
      status: 'interrupted',
      content: 'one, two, three',
      error_code: 'interrupted',
    })
    expect(await rows(at.here, sql`select * from turn_chunks`)).toEqual([])
    expect(await rows(at.here, sql`select outcome, is_estimated as estimated from usage_events`)).toEqual([
      { outcome: 'interrupted', estimated: true },
    ])
    const { turnId } = await continueAnswer(at.there, at.userId, at.assistantMessageId)
    const next = await at.upstream.answer(2)
    next.say(', four')
    next.end()
    expect(textOf(await readAll(at.there, at.userId, turnId))).toBe('one, two, three, four')
  })

  test('readers who are ahead of what was kept are given that, and the end, each exactly once', async () => {
    await using at = await startTwo(start)
    await at.say('kept')
    await storeChunks(at.here)
    const kept = at.here.turns.get(at.turnId)?.log.lastSeq as number
    for (const text of [' and', ' what', ' nobody', ' has', ' kept']) await at.say(text)
    const ahead = at.here.turns.get(at.turnId)?.log.lastSeq as number
    await sweepTurns(at.there)
    // The others know no number that this one gave after that.
    for (let after = kept + 1; after <= ahead; after++) {
      const entries = await readAll(otherInstance(at.here), at.userId, at.turnId, after)
      expect(entries.map(({ type }) => type)).toEqual(['snapshot', 'usage', 'error'])
      expect(textOf(entries)).toBe('kept')
      const last = entries.at(-1)?.seq as number
      expect(await readAll(otherInstance(at.here), at.userId, at.turnId, last)).toEqual([])
      expect(await readAll(otherInstance(at.here), at.userId, at.turnId, last - 1)).toHaveLength(1)
    }
  })

  test('an instance that comes back to life cannot change what others have ended', async () => {
    await using at = await startTwo(start)
    await at.say('one')
    await storeChunks(at.here)
    await sweepTurns(at.there)
    await at.say(', two')
    at.answer.end()
    await at.here.turns.get(at.turnId)?.ended
    expect((await messagesOf(at.here, at.conversationId))[1]).toMatchObject({
      status: 'interrupted',
      content: 'one',
    })
    const entries = await readAll(at.here, at.userId, at.turnId)
    expect(JSON.parse(entries.at(-1)?.data ?? '')).toMatchObject({ code: 'interrupted' })
    // Its readers end with what is stored, too.
    expect(textOf(entries)).toBe('one')
    expect(await rows(at.here, sql`select outcome from usage_events`)).toEqual([{ outcome: 'interrupted' }])
  })

  test('what was kept is told once, also where it had to be kept anew, and whole wherever a reader breaks off', async () => {
    await using at = await startTwo(start)
    await at.say('one')
    await storeChunks(at.here)
    // No shared store, as far as this reader knows.
    const alone = { ...at.there, kv: { ...at.there.kv, state: () => 'embedded' as const } }
    const reader = await followTurn(alone, at.userId, at.turnId, 0)
    const read = await readUntil(reader, 'one')
    await at.say(', two')
    const broken = { ...at.here, db: { execute: refuse, insert: refuse, delete: refuse } as never }
    expect(storeChunks(broken)).rejects.toThrow('refused')
    await at.say(', three')
    await storeChunks(at.here)
    read.push(...(await readUntil(reader, ', three')))
    expect(textOf(read)).toBe('one, two, three')
    // Thought and words that were kept together: whoever has the one has not had the other.
    at.here.turns.get(at.turnId)?.log.append({ type: 'reasoning', data: { text: 'hm' } })
    await at.say(', four')
    await storeChunks(at.here)
    const both = await readUntil(reader, ', four')
    expect(both.map(({ type, data }) => [type, data])).toEqual([
      ['snapshot', '{"text":"one, two, three, four","reasoning":"hm"}'],
    ])
    await at.say(', five')
    await at.say(', six')
    await storeChunks(at.here)
    await readUntil(reader, ', six')
    // Who comes over from the instance that generates may have some of what one chunk holds.
    for (const [after, types] of [
      [both[0]?.seq as number, ['delta']],
      [(both[0]?.seq as number) + 1, ['snapshot']],
    ] as const) {
      const other = await followTurn(alone, at.userId, at.turnId, after)
      expect((await readUntil(other, ', six')).map(({ type }) => type)).toEqual([...types])
      other.close()
    }
    reader.close()
  })

  test('one that lives is left alone', async () => {
    await using at = await startTwo(start)
    const jobs = await startChatJobs(at.here, { isAlone: false })
    expect(await sweepTurns(at.there)).toBe(0)
    await jobs.stop()
  })

  test('is left to an instance that was silent for less than ten seconds, and no longer', async () => {
    await using at = await startTwo(start)
    const silentFor = (seconds: number) =>
      rows(
        at.here,
        sql`insert into instances (id, heartbeat_at)
          values (${at.here.instanceId}::uuid, now() - make_interval(secs => ${seconds}))
          on conflict (id) do update set heartbeat_at = excluded.heartbeat_at returning id`,
      )
    await silentFor(7)
    expect(await sweepTurns(at.there)).toBe(0)
    await silentFor(10.5)
    expect(await sweepTurns(at.there)).toBe(1)
  })
})
