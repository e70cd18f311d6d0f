import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { purgeConversations } from '../../../src/modules/conversations/jobs.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { converse, plant, plantTurn, rows, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

const day = 24 * 3600

describeOnBothStacks('the purge', (start) => {
  test('takes what has been in the bin for 30 days, with all that belongs to it', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const kept = await converse(ann, { title: 'kept' })
    await plant(ann, kept)
    const gone = await converse(ann, { title: 'gone' })
    await plantTurn(ann, gone, await plant(ann, gone), ['said'])
    await ann.delete(`/conversations/${gone}`)
    const left = async () => [
      (await rows(app, sql`select id from conversations`)).length,
      (await rows(app, sql`select id from messages`)).length,
      (await rows(app, sql`select id from turns`)).length,
      (await rows(app, sql`select seq from turn_chunks`)).length,
    ]
    app.clock.advance(30 * day - 1)
    await purgeConversations(app.deps)
    expect(await left()).toEqual([2, 3, 1, 1])
    app.clock.advance(1)
    await purgeConversations(app.deps)
    expect(await left()).toEqual([1, 1, 0, 0])
    expect(await rows(app, sql`select title from conversations`)).toEqual([{ title: 'kept' }])
  })

  test('takes temporary ones 24 hours after their last message', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    await converse(ann, { title: 'lasting' })
    await converse(ann, { title: 'silent', temporary: true })
    const talkative = await converse(ann, { title: 'talkative', temporary: true })
    app.clock.advance(3600)
    await plant(ann, talkative)
    const titles = async () =>
      (await rows<{ title: string }>(app, sql`select title from conversations order by title`)).map(
        ({ title }) => title,
      )
    app.clock.advance(23 * 3600 - 2)
    await purgeConversations(app.deps)
    expect(await titles()).toEqual(['lasting', 'silent', 'talkative'])
    app.clock.advance(1)
    await purgeConversations(app.deps)
    expect(await titles()).toEqual(['lasting', 'talkative'])
    app.clock.advance(3600)
    await purgeConversations(app.deps)
    expect(await titles()).toEqual(['lasting', 'talkative'])
    app.clock.advance(1)
    await purgeConversations(app.deps)
    expect(await titles()).toEqual(['lasting'])
  })

  test('of many, by several instances at once', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    await app.deps.db.execute(sql`
      insert into conversations (id, user_id, deleted_at)
      select gen_random_uuid(), ${ann.userId}, case when n <= 90 then '2026-01-01T00:00:00Z'::timestamptz end
      from generate_series(1, 95) as n`)
    await Promise.all([
      purgeConversations(app.deps),
      purgeConversations(app.deps),
      purgeConversations(app.deps),
    ])
    expect((await rows(app, sql`select id from conversations`)).length).toBe(5)
  })
})
