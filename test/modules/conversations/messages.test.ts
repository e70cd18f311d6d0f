import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks } from '../../support/harness.ts'
import { branchOf, converse, plant, plantChain, plantTurn, rows, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('the messages of a conversation', (start) => {
  test('the newest page first, each oldest to newest', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    expect(await ann.get(`/conversations/${id}/messages`)).toEqual({
      status: 200,
      body: { items: [], next_cursor: null },
    })
    const ids = await plantChain(ann, id, 7)
    const pages: string[][] = []
    let cursor = ''
    do {
      const { body } = await ann.get(`/conversations/${id}/messages?limit=3&cursor=${cursor}`)
      pages.push(body.items.map((message: { id: string }) => message.id))
      cursor = body.next_cursor ?? ''
      // What is asked meanwhile moves no page.
      if (pages.length === 1) await plantChain(ann, id, 2, ids.at(-1))
    } while (cursor !== '')
    expect(pages).toEqual([ids.slice(4), ids.slice(1, 4), ids.slice(0, 1)])
    expect((await branchOf(ann, id)).slice(0, 7)).toEqual(ids)
    await plantChain(ann, id, 40, ids.at(-1))
    expect((await ann.get(`/conversations/${id}/messages`)).body.items.length).toBe(30)
  })

  test('a message tells all that is known of it', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    const [question, answer] = (await plantChain(ann, id, 2)) as [string, string]
    await app.deps.db.execute(sql`
      update messages set reasoning = 'hm', finish_reason = 'length', prompt_tokens = 12, completion_tokens = 30,
        is_usage_estimated = true, cost_micros = 4200, duration_ms = 900, time_to_first_token_ms = 80
      where id = ${answer}::uuid`)
    const { body } = await ann.get(`/conversations/${id}/messages`)
    const common = { status: 'complete', error_code: null, rating: null, rating_note: null }
    expect(body).toEqual({
      items: [
        {
          ...common,
          id: question,
          parent_id: null,
          siblings: [question],
          role: 'user',
          content: 'text 0',
          model: null,
          usage: null,
          finish_reason: null,
          duration_ms: null,
          time_to_first_token_ms: null,
          created_at: '2026-03-01T12:00:01.000Z',
        },
        {
          ...common,
          id: answer,
          parent_id: question,
          siblings: [answer],
          role: 'assistant',
          content: 'text 1',
          reasoning: 'hm',
          model: 'deepseek/deepseek-chat',
          usage: {
            prompt_tokens: 12,
            completion_tokens: 30,
            total_tokens: 42,
            estimated: true,
            cost: 0.0042,
          },
          finish_reason: 'length',
          duration_ms: 900,
          time_to_first_token_ms: 80,
          created_at: '2026-03-01T12:00:02.000Z',
        },
      ],
      next_cursor: null,
    })
  })

  test('a running answer shows what it has said so far', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const question = await plant(ann, id)
    const { answerId } = await plantTurn(ann, id, question, ['你好', ', ', 'world'])
    const shown = async () => (await ann.get(`/conversations/${id}/messages`)).body.items[1]
    expect(await shown()).toMatchObject({
      id: answerId,
      status: 'running',
      content: '你好, world',
      reasoning: 'hm',
      usage: null,
    })
    const silent = await converse(ann)
    await plantTurn(ann, silent, await plant(ann, silent))
    const [, answer] = (await ann.get(`/conversations/${silent}/messages`)).body.items
    expect(answer).toMatchObject({ status: 'running', content: '' })
    expect('reasoning' in answer).toBe(false)
  })

  test('branches: siblings, any leaf, and switching to the newest end of what is chosen', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    // q1 ─ a1 ─ q2 ─ a2     and, beside q2: q3 ─ a3; beside a1: a1b; beside q1: q0 ─ a0
    const [q1, a1, q2, a2] = (await plantChain(ann, id, 4)) as [string, string, string, string]
    const [q3, a3] = (await plantChain(ann, id, 2, a1)) as [string, string]
    const a1b = await plant(ann, id, { parent: q1, role: 'assistant' })
    const [q0, a0] = (await plantChain(ann, id, 2)) as [string, string]
    expect(await branchOf(ann, id)).toEqual([q0, a0])
    expect(await branchOf(ann, id, `&leaf=${a2}`)).toEqual([q1, a1, q2, a2])
    expect(await branchOf(ann, id, `&leaf=${q2}`)).toEqual([q1, a1, q2])
    const { items } = (await ann.get(`/conversations/${id}/messages?leaf=${a3.toUpperCase()}`)).body
    expect(items.map((message: { siblings: string[] }) => message.siblings)).toEqual([
      [q1, q0],
      [a1, a1b],
      [q2, q3],
      [a3],
    ])
    const switchTo = async (messageId: string) => {
      const { body } = await ann.put(`/conversations/${id}`, { current_message_id: messageId })
      expect(body.current_message_id).toBe((await branchOf(ann, id)).at(-1))
      return branchOf(ann, id)
    }
    expect(await switchTo(a2)).toEqual([q1, a1, q2, a2])
    expect(await switchTo(q2)).toEqual([q1, a1, q2, a2])
    expect(await switchTo(a1)).toEqual([q1, a1, q3, a3])
    expect(await switchTo(q1)).toEqual([q1, a1b])
    expect(await switchTo(q0)).toEqual([q0, a0])
    // All in one: the switch is not lost for the title's sake, nor the other way round.
    const both = await ann.put(`/conversations/${id}`, { title: 'both', current_message_id: a2 })
    expect(both.body).toMatchObject({ title: 'both', current_message_id: a2 })
  })

  test('a message of another conversation is none of this one', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    const [mine, other, his] = [await converse(ann), await converse(ann), await converse(bob)]
    const [first] = await plantChain(ann, mine, 2)
    const strangers = [await plant(ann, other), await plant(bob, his), 'b0000000-0000-7000-8000-000000000000']
    for (const stranger of strangers) {
      for (const answer of [
        await ann.get(`/conversations/${mine}/messages?leaf=${stranger}`),
        await ann.put(`/conversations/${mine}`, { title: 'x', current_message_id: stranger }),
        await ann.post(`/conversations/${mine}/fork`, { message_id: stranger }),
      ]) {
        expect(answer.body).toMatchObject({
          status: 404,
          code: 'not_found',
          detail: 'There is no such message',
        })
      }
      const cursor = Buffer.from(JSON.stringify({ before: stranger })).toString('base64url')
      const page = await ann.get(`/conversations/${mine}/messages?cursor=${cursor}`)
      expect(page.body).toEqual({ items: [], next_cursor: null })
    }
    expect((await ann.get(`/conversations/${mine}`)).body.title).toBeNull()
    expect((await ann.get(`/conversations/${mine}/messages?leaf=first`)).status).toBe(404)
    for (const query of [
      'cursor=x',
      'cursor=e30',
      'cursor=eyJiZWZvcmUiOjd9',
      'limit=0',
      'limit=101',
      'limit=x',
    ]) {
      const { body } = await ann.get(`/conversations/${mine}/messages?${query}`)
      expect([query, body]).toMatchObject([query, { status: 400, code: 'invalid_request' }])
    }
    expect((await branchOf(ann, mine))[0]).toBe(first as string)
  })
})

describeOnBothStacks('a rating', (start) => {
  test('is given, changed and taken back', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const [, answer] = await plantChain(ann, id, 2)
    const rating = async () => {
      const { rating, rating_note } = (await ann.get(`/conversations/${id}/messages`)).body.items[1]
      return [rating, rating_note]
    }
    const rate = async (body: object) => (await ann.post(`/messages/${answer}/rating`, body)).status
    expect(await rate({ rating: 'down', note: ' wrong\nyear 🙂 ' })).toBe(204)
    expect(await rating()).toEqual(['down', 'wrong\nyear 🙂'])
    expect(await rate({ rating: 'up' })).toBe(204)
    expect(await rating()).toEqual(['up', null])
    expect(await rate({ rating: 'up', note: '  ' })).toBe(204)
    expect(await rating()).toEqual(['up', null])
    expect(await ann.delete(`/messages/${answer}/rating`)).toEqual({ status: 204, body: null })
    expect(await ann.delete(`/messages/${answer}/rating`)).toEqual({ status: 204, body: null })
    expect(await rating()).toEqual([null, null])
  })

  test('is for answers only, up or down, with a note that can be kept', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    const [question, answer] = await plantChain(ann, id, 2)
    const bodies: unknown[] = [
      {},
      { rating: 'sideways' },
      { rating: null },
      { rating: ['up'] },
      { rating: 'up', note: 7 },
      { rating: 'up', note: '字'.repeat(2001) },
      { rating: 'up', note: 'a\u0000b' },
      { rating: 'up', note: '\ud800' },
    ]
    for (const body of bodies) {
      const refused = await ann.post(`/messages/${answer}/rating`, body)
      expect([body, refused.body]).toMatchObject([body, { status: 400, code: 'invalid_request' }])
    }
    for (const refused of [
      await ann.post(`/messages/${question}/rating`, { rating: 'up' }),
      await ann.delete(`/messages/${question}/rating`),
    ]) {
      expect(refused.body).toMatchObject({ status: 400, code: 'invalid_request' })
    }
    expect(await rows(app, sql`select id from messages where rating is not null`)).toEqual([])
  })
})
