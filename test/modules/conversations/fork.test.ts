import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks } from '../../support/harness.ts'
import { branchOf, converse, type Person, plantChain, plantTurn, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

/** What is the same in a copy. */
async function essenceOf(person: Person, id: string) {
  const { items } = (await person.get(`/conversations/${id}/messages?limit=100`)).body
  return items.map((message: Record<string, unknown>) => {
    const { id, parent_id, siblings, rating, rating_note, ...essence } = message
    return essence
  })
}

describeOnBothStacks('a fork', (start) => {
  test('is a copy of the branch with ids of its own, and leaves the old one as it was', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const settings = {
      title: 'old',
      model: 'deepseek/deepseek-chat',
      system_prompt: 'Be brief.',
      parameters: { top_p: 0.5 },
    }
    const id = await converse(ann, settings)
    const ids = await plantChain(ann, id, 6)
    await plantChain(ann, id, 2, ids[1])
    await ann.put(`/conversations/${id}`, { pinned: true, current_message_id: ids[5] })
    await ann.post(`/messages/${ids[1]}/rating`, { rating: 'up', note: 'good' })
    await app.deps.db.execute(sql`
      update messages set reasoning = 'hm', prompt_tokens = 3, completion_tokens = 4, is_usage_estimated = false,
        finish_reason = 'stop', duration_ms = 9, time_to_first_token_ms = 1, status = 'stopped'
      where role = 'assistant'`)
    const before = await ann.get(`/conversations/${id}/messages`)
    app.clock.advance(60)
    const fork = (await ann.post(`/conversations/${id}/fork`)).body
    const now = app.clock.now.toISOString()
    expect(fork).toMatchObject({
      ...settings,
      pinned: false,
      archived: false,
      created_at: now,
      updated_at: now,
    })
    expect(await essenceOf(ann, fork.id)).toEqual(await essenceOf(ann, id))
    const copies = (await ann.get(`/conversations/${fork.id}/messages`)).body.items
    expect(fork.current_message_id).toBe(copies[5].id)
    expect(
      copies.map((copy: { rating: unknown; rating_note: unknown }) => [copy.rating, copy.rating_note]),
    ).toEqual(Array(6).fill([null, null]))
    // Its order is that of its ids, and nobody else is at its side.
    const copyIds: string[] = copies.map((copy: { id: string }) => copy.id)
    expect(copyIds.toSorted()).toEqual(copyIds)
    expect(copyIds.filter((copy) => ids.includes(copy))).toEqual([])
    expect(copies.map((copy: { siblings: string[] }) => copy.siblings)).toEqual(copyIds.map((copy) => [copy]))
    await ann.delete(`/messages/${copyIds[0]}`)
    await ann.delete(`/conversations/${fork.id}`)
    expect(await ann.get(`/conversations/${id}/messages`)).toEqual(before)
  })

  test('from any message, of any branch', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const ids = await plantChain(ann, id, 4)
    const other = await plantChain(ann, id, 2, ids[1])
    for (const [messageId, length] of [
      [ids[0], 1],
      [ids[3], 4],
      [other[1], 4],
    ] as const) {
      const { status, body } = await ann.post(`/conversations/${id}/fork`, { message_id: messageId })
      expect(status).toBe(201)
      expect((await branchOf(ann, body.id)).length).toBe(length)
    }
    expect((await ann.get('/conversations')).body.items.length).toBe(4)
  })

  test('of an empty conversation is empty; of a temporary one is temporary', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann, { title: 'x', temporary: true })
    const { body } = await ann.post(`/conversations/${id}/fork`, {})
    expect(body).toMatchObject({ title: 'x', temporary: true, current_message_id: null })
    expect(await branchOf(ann, body.id)).toEqual([])
  })

  test('does not copy half an answer', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const ids = await plantChain(ann, id, 3)
    const { turnId, answerId } = await plantTurn(ann, id, ids[2] ?? '', ['half'])
    for (const body of [{}, { message_id: answerId }]) {
      const refused = await ann.post(`/conversations/${id}/fork`, body)
      expect(refused.body).toMatchObject({ status: 409, code: 'turn_running', turn_id: turnId })
    }
    expect((await ann.post(`/conversations/${id}/fork`, { message_id: ids[2] })).status).toBe(201)
    expect((await ann.get('/conversations')).body.items.length).toBe(2)
  })

  test('thousands of messages long', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    await app.deps.db.execute(sql`
      with ids as (select n, gen_random_uuid() as id from generate_series(1, 3000) as n),
      planted as (
        insert into messages (id, conversation_id, user_id, parent_id, role, content, status)
        select id, ${id}::uuid, ${ann.userId}, lag(id) over (order by n), 'user', n::text, 'complete' from ids
      )
      update conversations set current_message_id = (select id from ids where n = 3000) where id = ${id}::uuid`)
    const { body } = await ann.post(`/conversations/${id}/fork`)
    const texts: string[] = []
    let cursor = ''
    do {
      const page = (await ann.get(`/conversations/${body.id}/messages?limit=100&cursor=${cursor}`)).body
      texts.unshift(...page.items.map((message: { content: string }) => message.content))
      cursor = page.next_cursor ?? ''
    } while (cursor !== '')
    expect(texts).toEqual(Array.from({ length: 3000 }, (_, n) => String(n + 1)))
  })
})
