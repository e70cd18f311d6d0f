import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { indexTexts } from '../../../src/modules/conversations/index-texts.ts'
import { termsOf } from '../../../src/modules/conversations/search-terms.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { converse, type Person, plant, rows, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

async function plantMany({ app, userId }: Person, conversationId: string, count: number): Promise<void> {
  await app.deps.db.execute(sql`
    insert into messages (id, conversation_id, user_id, role, content, status, created_at)
    select gen_random_uuid(), ${conversationId}::uuid, ${userId}, 'user', 'haystack 草堆 number ' || n, 'complete', now()
    from generate_series(1, ${count}) n`)
}

describeOnBothStacks('texts without terms', (start) => {
  test('get them, each as whoever wrote it would have; running answers wait for their end', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const [annTalk, bobTalk] = [
      await converse(ann, { title: '草堆' }),
      await converse(bob, { title: 'stack' }),
    ]
    await plantMany(ann, annTalk, 70)
    await plantMany(bob, bobTalk, 70)
    await plant(ann, annTalk, { role: 'assistant', status: 'running', content: '' })
    await app.deps.db.execute(sql`update conversations set title_terms = null`)
    let rounds = 1
    while (!(await indexTexts(app.deps))) rounds++
    expect(rounds).toBe(3)
    const found = await rows<{ userId: number; text: string; terms: string | null; status: string }>(
      app,
      sql`select user_id::integer as "userId", content as text, array_to_json(search_terms)::text as terms, status
        from messages
        union all
        select user_id::integer, title, array_to_json(title_terms)::text, 'complete' from conversations`,
    )
    expect(found).toHaveLength(143)
    for (const { userId, text, terms, status } of found) {
      const sorted = terms === null ? null : (JSON.parse(terms) as number[]).sort()
      expect(sorted).toEqual(status === 'running' ? null : termsOf(userId, text).sort())
    }
    expect((await ann.get('/search?q=haystack 70')).body.items).toHaveLength(1)
    expect((await bob.get(`/search?q=${encodeURIComponent('草堆')}&limit=100`)).body.items).toHaveLength(70)
  })

  test('are worked on by several instances at once without one waiting for another', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    await plantMany(ann, await converse(ann), 120)
    const workOff = async () => {
      while (!(await indexTexts(app.deps)));
    }
    await Promise.all([workOff(), workOff(), workOff()])
    expect(await rows(app, sql`select id from messages where search_terms is null`)).toEqual([])
    expect((await ann.get(`/search?q=haystack&limit=100`)).body.next_cursor).not.toBeNull()
  })
})
