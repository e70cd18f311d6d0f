import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks } from '../../support/harness.ts'
import {
  changed,
  converse,
  deleted,
  overhear,
  plant,
  plantChain,
  plantTurn,
  rows,
  withTwoPeople,
} from './conversations.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('a conversation', (start) => {
  test('is made of nothing, or with all that can be said of it', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const now = app.clock.now.toISOString()
    const plain = await ann.post('/conversations')
    expect(plain).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        title: null,
        model: null,
        system_prompt: null,
        parameters: {},
        pinned: false,
        archived: false,
        temporary: false,
        tags: [],
        current_message_id: null,
        active_turn_id: null,
        created_at: now,
        updated_at: now,
        deleted_at: null,
      },
    })
    const full = await ann.post('/conversations', {
      title: '  一次谈话 🙂 ',
      model: 'deepseek-chat',
      system_prompt: 'Be brief.\nBe kind.',
      parameters: { temperature: 0.5, top_p: 1, max_tokens: 100 },
      temporary: true,
    })
    expect([full.status, full.body]).toMatchObject([
      201,
      {
        title: '一次谈话 🙂',
        model: 'deepseek/deepseek-chat',
        system_prompt: 'Be brief.\nBe kind.',
        parameters: { temperature: 0.5, top_p: 1, max_tokens: 100 },
        temporary: true,
      },
    ])
    for (const { body } of [plain, full]) {
      expect(await ann.get(`/conversations/${body.id}`)).toEqual({ status: 200, body })
    }
    expect((await ann.post('/conversations', { title: null, model: null, parameters: null })).status).toBe(
      201,
    )
  })

  test('is refused for what cannot be kept or done, and the field is named', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const wrong: [object, string][] = [
      [{ title: ' ' }, 'title'],
      [{ title: '字'.repeat(201) }, 'title'],
      [{ title: 'a\u0000b' }, 'title'],
      [{ title: 'a\nb' }, 'title'],
      [{ title: '\ud800' }, 'title'],
      [{ title: 7 }, 'title'],
      [{ model: 'deepseek/unheard-of' }, 'model'],
      [{ model: '' }, 'model'],
      [{ model: 'x'.repeat(300) }, 'model'],
      [{ system_prompt: '字'.repeat(11_000) }, 'system_prompt'],
      [{ system_prompt: 'a\u0000b' }, 'system_prompt'],
      [{ system_prompt: '\udfff' }, 'system_prompt'],
      [{ parameters: { temperature: 2.1 } }, 'temperature'],
      [{ parameters: { temperature: -1 } }, 'temperature'],
      [{ parameters: { temperature: 'hot' } }, 'parameters/temperature'],
      [{ parameters: { top_p: 1.5 } }, 'top_p'],
      [{ parameters: { max_tokens: 0 } }, 'max_tokens'],
      [{ parameters: { max_tokens: 1.5 } }, 'max_tokens'],
      [{ parameters: { max_tokens: 100_000 } }, 'max_tokens'],
      [{ parameters: 'hot' }, 'parameters'],
    ]
    for (const [body, path] of wrong) {
      for (const answer of [
        await ann.post('/conversations', body),
        await ann.put(`/conversations/${id}`, body),
      ]) {
        expect([body, answer.body]).toMatchObject([body, { status: 400, code: 'invalid_request' }])
        expect([body, answer.body.errors?.[0]?.path]).toEqual([body, path])
      }
    }
    const onlyOfChanges: unknown[] = [
      { pinned: null },
      { pinned: 'yes' },
      { current_message_id: null },
      { current_message_id: 'first' },
      [],
      'text',
    ]
    for (const body of onlyOfChanges) {
      expect([body, (await ann.put(`/conversations/${id}`, body)).body]).toMatchObject([
        body,
        { status: 400 },
      ])
    }
    expect((await ann.get(`/conversations/${id}`)).body).toMatchObject({ title: null, parameters: {} })
  })

  test('is changed field by field; null resets; the rest stays', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const before = { title: 'one', model: 'deepseek/deepseek-chat', system_prompt: 'Be brief.' }
    const id = await converse(ann, { ...before, parameters: { top_p: 0.5 } })
    const path = `/conversations/${id}`
    const put = async (body: object) => (await ann.put(path, body)).body
    expect(await put({ title: ' two ' })).toMatchObject({
      ...before,
      title: 'two',
      parameters: { top_p: 0.5 },
    })
    expect(await put({ pinned: true })).toMatchObject({ title: 'two', pinned: true })
    expect(await put({ parameters: { max_tokens: 5 } })).toMatchObject({ parameters: { max_tokens: 5 } })
    expect((await put({ parameters: { temperature: 0 } })).parameters).toEqual({ temperature: 0 })
    expect(await put({ system_prompt: '' })).toMatchObject({ system_prompt: '' })
    await put({ parameters: { top_p: 0.25, temperature: null, unknown: 1 } })
    expect(await rows(at.app, sql`select parameters from conversations`)).toEqual([
      { parameters: { top_p: 0.25 } },
    ])
    const reset = await put({
      title: null,
      model: null,
      system_prompt: null,
      parameters: null,
      pinned: false,
    })
    expect(reset).toMatchObject({
      title: null,
      model: null,
      system_prompt: null,
      parameters: {},
      pinned: false,
    })
    expect(await ann.put(path, {})).toEqual({ status: 200, body: reset })
    expect(await ann.put(path, { id: 'x', user_id: 7, unknown: 1 })).toEqual({ status: 200, body: reset })
    expect((await ann.get(path)).body).toEqual(reset)
  })

  test('model and parameters must fit together, whichever of them is changed', async () => {
    await using at = await withTwoPeople(start, { MODELS: 'deepseek/small:9000:100' })
    const { ann } = at
    const id = await converse(ann, { parameters: { max_tokens: 5000 } })
    const path = `/conversations/${id}`
    expect((await ann.put(path, { model: 'small' })).body).toMatchObject({ code: 'invalid_request' })
    const both = { model: 'small', parameters: { max_tokens: 100 } }
    expect((await ann.put(path, both)).body).toMatchObject({ model: 'deepseek/small' })
    expect((await ann.put(path, { parameters: { max_tokens: 101 } })).body).toMatchObject({
      code: 'invalid_request',
    })
    expect((await ann.put(path, { model: null, parameters: { max_tokens: 101 } })).status).toBe(200)
  })

  test('knows the turn that runs in it', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    const question = await plant(ann, id)
    const { turnId } = await plantTurn(ann, id, question)
    expect((await ann.get(`/conversations/${id}`)).body.active_turn_id).toBe(turnId)
    expect((await ann.get('/conversations')).body.items[0].active_turn_id).toBe(turnId)
    expect((await ann.put(`/conversations/${id}`, { pinned: true })).body.active_turn_id).toBe(turnId)
    await at.app.deps.db.execute(sql`update turns set state = 'complete'`)
    expect((await ann.get(`/conversations/${id}`)).body.active_turn_id).toBeNull()
  })

  test('in the bin it is nowhere else, until it is restored', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann, { title: 'kept' })
    const [, answer] = await plantChain(ann, id, 2)
    const before = (await ann.get(`/conversations/${id}`)).body
    expect(await ann.delete(`/conversations/${id}`)).toEqual({ status: 204, body: null })
    const unknown = await ann.get('/conversations/00000000-0000-7000-8000-000000000000')
    for (const gone of [
      await ann.get(`/conversations/${id}`),
      await ann.put(`/conversations/${id}`, { title: 'x' }),
      await ann.put(`/conversations/${id}`, { current_message_id: answer }),
      await ann.get(`/conversations/${id}/messages`),
      await ann.post(`/conversations/${id}/archive`),
      await ann.post(`/conversations/${id}/unarchive`),
      await ann.post(`/conversations/${id}/fork`),
      await ann.delete(`/conversations/${id}`),
      await ann.delete(`/messages/${answer}`),
      await ann.post(`/messages/${answer}/rating`, { rating: 'up' }),
    ]) {
      expect(gone.body).toMatchObject({ status: 404, code: 'not_found', title: unknown.body.title })
    }
    expect((await ann.get('/conversations')).body.items).toEqual([])
    const bin = (await ann.get('/conversations?deleted=true')).body
    expect(bin.items).toEqual([{ ...before, deleted_at: app.clock.now.toISOString() }])
    expect(await ann.post(`/conversations/${id}/restore`)).toEqual({ status: 200, body: before })
    expect(await ann.post(`/conversations/${id}/restore`)).toEqual({ status: 200, body: before })
    expect((await ann.get('/conversations')).body.items).toEqual([before])
  })

  test('every change is told to the other windows', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    const [annHears, bobHears] = [overhear(ann), overhear(bob)]
    const id = await converse(ann)
    const [, answer] = await plantChain(ann, id, 2)
    const path = `/conversations/${id}`
    await ann.put(path, { title: 'x' })
    await ann.put(path, {})
    await ann.post(`${path}/archive`)
    await ann.post(`${path}/unarchive`)
    await ann.post(`/messages/${answer}/rating`, { rating: 'up' })
    await ann.delete(`/messages/${answer}/rating`)
    await ann.delete(`/messages/${answer}`)
    await ann.delete(path)
    await ann.post(`${path}/restore`)
    const fork = (await ann.post(`${path}/fork`)).body.id
    await annHears.until(10)
    expect(annHears.events).toEqual([...Array(7).fill(changed(id)), deleted(id), changed(id), changed(fork)])
    expect(bobHears.events).toEqual([])
  })
})
