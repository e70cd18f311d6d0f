import { expect, test } from 'bun:test'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { type Frame, openSocketClient, type SocketClient } from '../../support/socket-client.ts'
import { type Asker, createAsker } from './asker.ts'

const path = '/api/v1/ws/chat'

/** A socket that says by its cookie whose it is, and is ready. */
async function openFor(app: TestApp, { cookie }: Asker): Promise<SocketClient> {
  const socket = await openSocketClient(app.url + path, { cookie })
  expect(await socket.next()).toEqual({ event: 'ready' })
  return socket
}

const isEnd = ({ event }: Frame) => event === 'done' || event === 'error'
const isSaid = (text: string) => (frame: Frame) =>
  frame.event === 'delta' && String(frame.data?.text).includes(text)

describeOnBothStacks('a socket', (start) => {
  test('asks, and is told the same events as a stream, with the turn and the number of each', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const socket = await openFor(app, ann)
    app.upstream.play({ text: ['你好', ', world'] })
    socket.send({ type: 'send', id: 'q1', conversation_id: ann.conversationId, content: 'hello' })
    const accepted = await socket.next()
    expect(accepted).toMatchObject({ event: 'ok', request: 'q1', turn: 1 })
    const frames = await socket.until(isEnd)
    const turnId = String(accepted.turn_id)
    const events = await (await ann.follow(turnId)).all()
    expect(frames.map(({ id, event, data }) => ({ id, type: event, data }))).toEqual(events as never)
    expect(frames.every(({ turn_id }) => turn_id === turnId)).toBe(true)
  })

  test('follows a turn from anywhere on, stops it, and lets go of it', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const events = await ann.ask('hello')
    const seen = await events.until(({ type }) => type === 'delta')
    const turnId = String(seen[0]?.data.turn_id)
    const socket = await openFor(app, ann)
    socket.send({ type: 'follow', turn_id: turnId, after: 1 })
    expect(await socket.next()).toMatchObject({ event: 'ok', turn_id: turnId })
    expect(await socket.next()).toMatchObject({ turn_id: turnId, id: 2, data: { text: 'so far' } })
    socket.send({ type: 'unfollow', turn_id: turnId, id: 'u' })
    expect(await socket.next()).toEqual({ event: 'ok', request: 'u' })
    socket.send({ type: 'stop', turn_id: turnId, id: 's' })
    expect(await socket.next()).toEqual({ event: 'ok', request: 's' })
    socket.send({ type: 'stop', turn_id: turnId, id: 's2' })
    expect(await socket.next()).toEqual({ event: 'ok', request: 's2' })
    socket.send({ type: 'follow', turn_id: turnId, id: 'f' })
    const frames = await socket.until(isEnd)
    expect(frames.slice(0, 2)).toMatchObject([{ event: 'ok', request: 'f' }, { id: 1 }])
    expect(frames.at(-1)?.data).toEqual({ finish_reason: 'stopped' })
    await events.leave()
  })

  test('knows a turn by its id in whatever letters', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const events = await ann.ask('hello')
    const turnId = String((await events.next())?.data.turn_id)
    const socket = await openFor(app, ann)
    socket.send({ type: 'follow', turn_id: turnId.toUpperCase() })
    expect(await socket.next()).toMatchObject({ turn_id: turnId, event: 'ok' })
    await socket.until(isSaid('so far'))
    socket.send({ type: 'stop', turn_id: turnId.toUpperCase() })
    expect((await socket.until(isEnd)).at(-1)?.data).toEqual({ finish_reason: 'stopped' })
    await events.leave()
  })

  test('follows several turns at once', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const eve = await createAsker(app)
    const socket = await openFor(app, ann)
    const other = await openFor(app, eve)
    app.upstream.play({ text: ['a'], end: 'hang' }, { text: ['b'] })
    socket.send({ type: 'send', conversation_id: ann.conversationId, content: 'first' })
    const [first] = await socket.until(isSaid('a'))
    other.send({ type: 'send', conversation_id: eve.conversationId, content: 'second' })
    await other.until(isEnd)
    socket.send({ type: 'ping', id: 'p' })
    expect(await socket.next()).toEqual({ event: 'pong', request: 'p' })
    socket.send({ type: 'stop', turn_id: first?.turn_id })
    await socket.until(isEnd)
  })

  test('goes on with a turn when it is gone, and the next one takes it up', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['one ', 'two ', 'three'], delayMs: 30 })
    const first = await openFor(app, ann)
    first.send({ type: 'send', conversation_id: ann.conversationId, content: 'hello' })
    const seen = await first.until(isSaid('one'))
    first.close()
    await first.closed
    const second = await openFor(app, ann)
    second.send({ type: 'follow', turn_id: seen[0]?.turn_id, after: seen.at(-1)?.id })
    const rest = await second.until(isEnd)
    const all = [...seen, ...rest].filter(({ event }) => event !== 'ok')
    expect(all.map(({ id }) => id)).toEqual(all.map((_, at) => at + 1))
    expect(app.deps.turns.get(String(seen[0]?.turn_id))?.readers).toBe(0)
  })

  test('asks once with a key, however often it is sent', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const socket = await openFor(app, ann)
    const question = {
      type: 'send',
      conversation_id: ann.conversationId,
      content: 'hello',
      idempotency_key: 'k',
    }
    socket.send(question)
    const first = await socket.until(isEnd)
    socket.send(question)
    expect(await socket.until(isEnd)).toEqual(first)
    expect(app.upstream.requests).toHaveLength(1)
  })
})

describeOnBothStacks('a frame that is refused', (start) => {
  test('costs the socket nothing', async () => {
    await using app = await start({ MAX_MESSAGE_BYTES: '1000' })
    const ann = await createAsker(app)
    const eve = await createAsker(app)
    const [theirs] = await (await eve.ask('hello')).all()
    const socket = await openFor(app, ann)
    const sent = { type: 'send', id: 'r', conversation_id: ann.conversationId }
    const cases: [frame: unknown, code: string][] = [
      [{ type: 'dance', id: 'r' }, 'invalid_request'],
      [{ id: 'r' }, 'invalid_request'],
      [{ type: 'constructor', id: 'r' }, 'invalid_request'],
      [{ type: '__proto__', id: 'r' }, 'invalid_request'],
      [{ ...sent }, 'invalid_request'],
      [{ ...sent, content: 5 }, 'invalid_request'],
      [{ ...sent, content: ' ' }, 'invalid_request'],
      [{ ...sent, content: 'x', temperature: 9 }, 'invalid_request'],
      [{ ...sent, content: '词'.repeat(334) }, 'payload_too_large'],
      [{ ...sent, content: 'x', conversation_id: 'y' }, 'invalid_request'],
      [{ ...sent, content: 'x', conversation_id: `urn:uuid:${ann.conversationId}` }, 'invalid_request'],
      [{ ...sent, content: 'x', parent_id: `urn:uuid:${crypto.randomUUID()}` }, 'invalid_request'],
      [{ ...sent, content: 'x', conversation_id: eve.conversationId }, 'not_found'],
      [{ type: 'follow', id: 'r', turn_id: theirs?.data.turn_id }, 'not_found'],
      [{ type: 'follow', id: 'r', turn_id: theirs?.data.turn_id, after: -1 }, 'invalid_request'],
      [{ type: 'stop', id: 'r', turn_id: theirs?.data.turn_id }, 'not_found'],
      [{ type: 'stop', id: 'r', turn_id: crypto.randomUUID() }, 'not_found'],
      [{ type: 'auth', id: 'r', token: 'x' }, 'invalid_request'],
    ]
    for (const [frame, code] of cases) {
      socket.send(frame)
      const answer = await socket.next()
      expect([frame, answer]).toMatchObject([frame, { event: 'error', request: 'r', data: { code } }])
    }
    const raw = [
      '',
      'hello',
      '{"type":"ping"',
      '[]',
      'null',
      '5',
      '"x"',
      '[[[[',
      '{"type":["ping"]}',
      '{"type":{"toString":1}}',
    ]
    raw.push('['.repeat(50_000), `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)
    for (const field of ['type', 'id', '__proto__']) {
      raw.push(`{"type":"ping","${field}":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)
    }
    for (const text of raw) {
      socket.sendRaw(text)
      expect(await socket.next()).toMatchObject({ event: 'error', data: { code: 'invalid_request' } })
    }
    socket.sendRaw(
      `{"type":"ping","id":"still here","__proto__":{"type":"stop"},"x":${'['.repeat(50)}${']'.repeat(50)}}`,
    )
    expect(await socket.next()).toEqual({ event: 'pong', request: 'still here' })
    expect(({} as Record<string, unknown>).type).toBeUndefined()
    expect(app.upstream.requests).toHaveLength(1)
  })

  test.each([
    ['binary', () => new Uint8Array(10), 1003],
    ['huge', () => 'x'.repeat(70_000), 1009],
  ])('(%s) closes it, and the turn goes on', async (_word, data, code) => {
    await using app = await start({ MAX_MESSAGE_BYTES: '1000' })
    const ann = await createAsker(app)
    const socket = await openFor(app, ann)
    app.upstream.play({ text: ['one ', 'two'], delayMs: 40 })
    socket.send({ type: 'send', conversation_id: ann.conversationId, content: 'hello' })
    const [asked] = await socket.until(isSaid('one'))
    socket.sendRaw(data())
    expect((await socket.closed).code).toBe(code)
    const events = await (await ann.follow(String(asked?.turn_id))).all()
    expect(events.at(-1)?.type).toBe('done')
  })

  test('may be one too many, and with many of those it is closed', async () => {
    await using app = await start({ LIMIT_API_USER: '6/60', LIMIT_SEND_USER: '1/60' })
    const ann = await createAsker(app)
    // The first of six is the opening.
    const socket = await openFor(app, ann)
    const question = { type: 'send', conversation_id: ann.conversationId, content: 'hello' }
    socket.send(question)
    await socket.until(isEnd)
    socket.send(question)
    const refused = await socket.next()
    expect(refused).toMatchObject({ event: 'error', data: { code: 'rate_limited' } })
    expect(refused.retry_after).toBeGreaterThan(0)
    for (let at = 0; at < 3; at++) socket.send({ type: 'ping' })
    for (let at = 0; at < 3; at++) expect((await socket.next()).event).toBe('pong')
    socket.send({ type: 'ping' })
    expect(await socket.next()).toMatchObject({ event: 'error', data: { code: 'rate_limited' } })
    for (let at = 0; at < 300; at++) socket.send({ type: 'ping' })
    expect((await socket.closed).code).toBe(4429)
  })
})
