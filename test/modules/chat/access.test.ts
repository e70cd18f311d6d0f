import { expect, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'
import { openSocketClient } from '../../support/socket-client.ts'
import { createAsker } from './asker.ts'
import { createConversation } from './chat.ts'

describeOnBothStacks('a turn of somebody else', (start) => {
  test('is none, as an id that nobody has, and as what is no id', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const eve = await createAsker(app)
    const [first] = await (await ann.ask('hello')).all()
    const answers = await Promise.all(
      [first?.data.turn_id, crypto.randomUUID(), 'x', '1', "';--", '%00'].flatMap((id) => [
        eve.visitor.get(`/api/v1/turns/${id}/events`),
        eve.visitor.fetch(`/api/v1/turns/${id}`, { method: 'DELETE' }),
      ]),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(404))
    const asked = await eve.post(`/api/v1/conversations/${ann.conversationId}/messages/stream`, {
      content: 'x',
    })
    expect(asked.status).toBe(404)
    expect((await eve.put(`/api/v1/messages/${first?.data.user_message_id}`, { content: 'x' })).status).toBe(
      404,
    )
    for (const action of ['regenerate', 'continue']) {
      const path = `/api/v1/messages/${first?.data.assistant_message_id}/${action}`
      expect((await eve.post(path)).status).toBe(404)
    }
  })

  test('and nothing at all is anybody’s who has not logged in', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const [first] = await (await ann.ask('hello')).all()
    const stranger = app.visitor()
    const paths: [method: string, path: string, body?: unknown][] = [
      ['POST', `/api/v1/conversations/${ann.conversationId}/messages`, { content: 'x' }],
      ['POST', `/api/v1/conversations/${ann.conversationId}/messages/stream`, { content: 'x' }],
      ['GET', `/api/v1/turns/${first?.data.turn_id}/events`],
      ['DELETE', `/api/v1/turns/${first?.data.turn_id}`],
      ['PUT', `/api/v1/messages/${first?.data.user_message_id}`, { content: 'x' }],
      ['POST', `/api/v1/messages/${first?.data.assistant_message_id}/regenerate`],
      ['POST', `/api/v1/messages/${first?.data.assistant_message_id}/continue`],
      ['GET', '/api/v1/events'],
      ['POST', '/api/v1/ws/tickets'],
    ]
    for (const [method, path, body] of paths) {
      const response = await stranger.fetch(path, {
        method,
        ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
      })
      expect([path, response.status]).toEqual([path, 401])
    }
  })
})

describeOnBothStacks('a place in the log', (start) => {
  test.each(['x', '-1', '1.5', '1e3', ' 1 x', '0x10', '99999999999'])(
    'that is none (%p) is refused',
    async (place) => {
      await using app = await start()
      const ann = await createAsker(app)
      const [first] = await (await ann.ask('hello')).all()
      const path = `/api/v1/turns/${first?.data.turn_id}/events`
      for (const response of [
        await ann.visitor.fetch(path, { headers: { 'last-event-id': place } }),
        await ann.visitor.get(`${path}?after=${encodeURIComponent(place)}`),
      ]) {
        expect([response.status, (await response.json()).code]).toEqual([400, 'invalid_request'])
      }
    },
  )
})

describeOnBothStacks('limits of questions', (start) => {
  test('count whatever makes a model answer', async () => {
    await using app = await start({ LIMIT_SEND_USER: '2/60' })
    const ann = await createAsker(app)
    const [first] = await (await ann.ask('hello')).all()
    const answerId = first?.data.assistant_message_id
    expect((await ann.post(`/api/v1/messages/${answerId}/regenerate`)).status).toBe(200)
    const refused = [
      await ann.post(`/api/v1/messages/${answerId}/regenerate`),
      await ann.post(`/api/v1/messages/${answerId}/continue`),
      await ann.put(`/api/v1/messages/${first?.data.user_message_id}`, { content: 'x' }),
      await ann.post(`/api/v1/conversations/${ann.conversationId}/messages`, { content: 'x' }),
      await ann.post(`/api/v1/conversations/${ann.conversationId}/messages/stream`, { content: 'x' }),
    ]
    for (const response of refused) {
      expect([response.status, (await response.json()).code]).toEqual([429, 'rate_limited'])
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    const eve = await createAsker(app)
    expect((await eve.ask('hello')).next()).resolves.not.toBeNull()
  })

  test('are one person’s turns at once, and readers of one turn', async () => {
    await using app = await start({ MAX_TURNS_PER_USER: '2', MAX_READERS_PER_TURN: '2' })
    const ann = await createAsker(app)
    app.upstream.play({ end: 'hang' }, { end: 'hang' })
    const turnId = String((await (await ann.ask('hello')).next())?.data.turn_id)
    await ann.follow(turnId)
    const refused = await ann.visitor.get(`/api/v1/turns/${turnId}/events`)
    expect([refused.status, (await refused.json()).code]).toEqual([429, 'too_many_readers'])
    expect(refused.headers.has('retry-after')).toBe(true)
    const path = (id: string) => `/api/v1/conversations/${id}/messages/stream`
    const again = await ann.post(path(ann.conversationId), { content: 'x' })
    expect(await again.json()).toMatchObject({ status: 409, code: 'turn_running', turn_id: turnId })
    const [second, third] = [
      await createConversation(app.deps, ann.userId),
      await createConversation(app.deps, ann.userId),
    ]
    expect((await ann.post(path(second), { content: 'x' })).status).toBe(200)
    const tooMany = await ann.post(path(third), { content: 'x' })
    expect([tooMany.status, (await tooMany.json()).code]).toEqual([429, 'too_many_turns'])
    expect(tooMany.headers.has('retry-after')).toBe(true)
    await ann.visitor.fetch(`/api/v1/turns/${turnId}`, { method: 'DELETE' })
  })

  test('are none where the settings say 0', async () => {
    const names = [
      'TURNS_PER_USER',
      'READERS_PER_TURN',
      'TOKENS_PER_TURN',
      'MINUTES_PER_TURN',
      'MESSAGE_BYTES',
    ]
    const off = [...names, 'SOCKETS_PER_USER'].map((name) => [`MAX_${name}`, '0'])
    await using app = await start({ ...Object.fromEntries(off), LIMIT_SEND_USER: '0', LIMIT_API_USER: '0' })
    const ann = await createAsker(app)
    app.upstream.play({ tokens: 40_000 })
    const [first, ...rest] = await (await ann.ask('x'.repeat(100_000))).all()
    expect(rest.at(-1)?.data).toEqual({ finish_reason: 'stop' })
    const readers = await Promise.all(
      Array.from({ length: 101 }, () => ann.follow(String(first?.data.turn_id))),
    )
    await Promise.all(readers.map((reader) => reader.leave()))
    app.upstream.play(...Array(21).fill({ end: 'hang' }))
    const conversations = await Promise.all(
      Array.from({ length: 21 }, () => createConversation(app.deps, ann.userId)),
    )
    const asked = await Promise.all(
      conversations.map((id) => ann.post(`/api/v1/conversations/${id}/messages/stream`, { content: 'x' })),
    )
    expect(asked.map(({ status }) => status)).toEqual(Array(21).fill(200))
    const sockets = await Promise.all(
      Array.from({ length: 6 }, () => openSocketClient(`${app.url}/api/v1/ws/chat`, { cookie: ann.cookie })),
    )
    for (const socket of sockets) expect(await socket.next()).toEqual({ event: 'ready' })
    for (const socket of sockets) socket.close()
    for (const turn of app.deps.turns.values()) turn.stop('stopped')
    await Promise.all([...app.deps.turns.values()].map(({ ended }) => ended))
  })
})
