import { expect, test } from 'bun:test'
import { connect } from 'node:net'
import { createApp } from '../../../src/app.ts'
import { closeEndedStreams } from '../../../src/modules/auth/jobs.ts'
import { readEvents } from '../../support/event-stream.ts'
import { startGatedUpstream } from '../../support/gated-upstream.ts'
import { describeOnBothStacks, startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { createAsker, textOf } from './asker.ts'
import { createConversation } from './chat.ts'

const isSaid = (text: string) => (event: { type: string; data: Record<string, unknown> }) =>
  event.type === 'delta' && String(event.data.text).includes(text)

describeOnBothStacks('a question that is answered as a stream', (start) => {
  test('comes as events from start to done, numbered without gaps', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['你好', ', world'], reasoning: ['hm'] })
    const response = await ann.post(`/api/v1/conversations/${ann.conversationId}/messages/stream`, {
      content: 'hello',
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const events = await readEvents(response).all()
    expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1))
    expect(events[0]?.type).toBe('start')
    expect(events[0]?.data).toMatchObject({ conversation_id: ann.conversationId })
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['usage', 'done'])
    expect(textOf(events)).toBe('你好, world')
  })

  test('begins before the provider has answered', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ hang: true })
    const events = await ann.ask('hello')
    const first = await events.next()
    expect(first?.type).toBe('start')
    await ann.visitor.fetch(`/api/v1/turns/${first?.data.turn_id}`, { method: 'DELETE' })
    expect((await events.all()).at(-1)).toMatchObject({ type: 'done', data: { finish_reason: 'stopped' } })
  })

  test('comes as JSON lines where the client prefers them, with the same events', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const response = await ann.post(
      `/api/v1/conversations/${ann.conversationId}/messages/stream`,
      { content: 'hello' },
      { accept: 'application/x-ndjson' },
    )
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const events = await (await ann.follow(lines[0].data.turn_id)).all()
    expect(lines).toEqual(events.map(({ id, type, data }) => ({ id, event: type, data })))
  })

  test('can be read again from any event on, the header before the address', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ tokens: 20, delayMs: 2 })
    const events = await (await ann.ask('hello')).all()
    const path = `/api/v1/turns/${events[0]?.data.turn_id}/events`
    for (const after of [0, 1, 3, events.length - 1, events.length]) {
      expect(await readEvents(await ann.visitor.get(`${path}?after=${after}`)).all()).toEqual(
        events.slice(after),
      )
      const headers = { 'last-event-id': String(after) }
      const resumed = await ann.visitor.fetch(`${path}?after=2`, { headers })
      expect(await readEvents(resumed).all()).toEqual(events.slice(after))
    }
    const ahead = await readEvents(await ann.visitor.get(`${path}?after=5000`)).all()
    expect(ahead[0]?.type).toBe('snapshot')
    expect(textOf(ahead)).toBe(textOf(events))
  })

  test('goes on without its reader', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['one ', 'two ', 'three'], delayMs: 30 })
    const events = await ann.ask('hello')
    const seen = await events.until(isSaid('one'))
    await events.leave()
    const rest = await (await ann.follow(String(seen[0]?.data.turn_id), seen.at(-1)?.id ?? 0)).all()
    expect(rest.at(-1)?.type).toBe('done')
    expect(textOf([...seen, ...rest])).toBe('one two three')
    expect(app.log.find((line) => line.outcome === 'client_left')).toMatchObject({ status: 200 })
  })

  test('is stopped from elsewhere, once or twice', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const events = await ann.ask('hello')
    const seen = await events.until(isSaid('so far'))
    const path = `/api/v1/turns/${seen[0]?.data.turn_id}`
    expect((await ann.visitor.fetch(path, { method: 'DELETE' })).status).toBe(204)
    expect((await events.all()).at(-1)?.data).toEqual({ finish_reason: 'stopped' })
    expect((await ann.visitor.fetch(path, { method: 'DELETE' })).status).toBe(204)
  })

  test('with a key, is asked once however often it is sent', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const path = `/api/v1/conversations/${ann.conversationId}/messages/stream`
    const send = (content: string, key: string) => ann.post(path, { content }, { 'idempotency-key': key })
    const first = await readEvents(await send('hello', 'key 1')).all()
    const second = await readEvents(await send('hello', 'key 1')).all()
    expect(second).toEqual(first)
    expect(app.upstream.requests).toHaveLength(1)
    const reused = await send('something else', 'key 1')
    expect([reused.status, (await reused.json()).code]).toEqual([409, 'idempotency_key_reused'])
    for (const key of ['é', 'x'.repeat(256)]) {
      const refused = await ann.post(path, { content: 'hello' }, { 'idempotency-key': key }).catch(() => null)
      if (refused !== null)
        expect([refused.status, (await refused.json()).code]).toEqual([400, 'invalid_request'])
    }
    expect((await send('hello', 'x'.repeat(255))).status).toBe(200)
  })

  test('is refused before its first byte, as a problem', async () => {
    await using app = await start({ MAX_MESSAGE_BYTES: '1000' })
    const ann = await createAsker(app)
    const path = `/api/v1/conversations/${ann.conversationId}/messages/stream`
    const cases: [body: unknown, status: number, code: string][] = [
      [{ content: '' }, 400, 'invalid_request'],
      [{ content: ' \n' }, 400, 'invalid_request'],
      [{}, 400, 'invalid_request'],
      [{ content: 'x', temperature: 3 }, 400, 'invalid_request'],
      [{ content: 'x', model: 'nobody/knows' }, 400, 'invalid_request'],
      [{ content: 'x', parent_id: 'y' }, 400, 'invalid_request'],
      [{ content: 'x', parent_id: crypto.randomUUID() }, 404, 'not_found'],
      [{ content: '词'.repeat(334) }, 413, 'payload_too_large'],
      [{ content: 'x'.repeat(100_000) }, 413, 'payload_too_large'],
    ]
    for (const [body, status, code] of cases) {
      const response = await ann.post(path, body, { accept: 'text/event-stream' })
      expect([
        body,
        response.status,
        response.headers.get('content-type'),
        (await response.json()).code,
      ]).toEqual([body, status, 'application/problem+json', code])
    }
    expect(app.upstream.requests).toHaveLength(0)
  })

  test('is told of a failure by its last event', async () => {
    await using app = await start({ LLM_MAX_RETRIES: '0' })
    const ann = await createAsker(app)
    app.upstream.play({ text: ['half'], end: 'cut' })
    const events = await (await ann.ask('hello')).all()
    expect(textOf(events)).toBe('half')
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      data: { code: 'provider_unavailable', status: 502 },
    })
  })

  test('closes when its session has ended', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const events = await ann.ask('hello')
    const seen = await events.until(isSaid('so far'))
    await ann.logOut()
    expect(await events.all()).toEqual([])
    expect((await ann.visitor.get(`/api/v1/turns/${seen[0]?.data.turn_id}/events`)).status).toBe(401)
  })

  test('closes when its session was ended by another instance', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const events = await ann.ask('hello')
    await events.until(isSaid('so far'))
    await app.deps.db.execute('delete from sessions')
    await closeEndedStreams(app.deps)
    expect(await events.all()).toEqual([])
    expect(app.deps.openStreams.size).toBe(0)
  })

  test('weighs at most three times its text where the model is fast', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ tokens: 3000 })
    const path = `/api/v1/conversations/${ann.conversationId}/messages/stream`
    const body = await (await ann.post(path, { content: 'hello' })).text()
    const text = textOf(await readEvents(new Response(body)).all())
    expect(text.split(' ').length).toBeGreaterThan(2999)
    expect(body.length).toBeLessThan(3 * text.length)
  })

  test('leaves nothing behind when it has ended', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const events = await (await ann.ask('hello')).all()
    expect(app.deps.openStreams.size).toBe(0)
    expect(app.deps.turns.get(String(events[0]?.data.turn_id))?.readers).toBe(0)
    const line = app.log.find(({ outcome }) => outcome === 'complete')
    expect(line).toMatchObject({ method: 'POST', status: 200 })
    expect(Number(line?.bytes)).toBeGreaterThan(100)
  })
})

describeOnBothStacks('while the process is about to end', (start) => {
  test('nothing begins, and what runs is told to its end', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['one ', 'two'], delayMs: 50 })
    const events = await ann.ask('hello')
    const seen = await events.until(isSaid('one'))
    app.deps.lifecycle.isDraining = true
    const refused = await ann.post(`/api/v1/conversations/${ann.conversationId}/messages/stream`, {
      content: 'x',
    })
    expect([refused.status, (await refused.json()).code]).toEqual([503, 'shutting_down'])
    expect(refused.headers.has('retry-after')).toBe(true)
    const rest = await events.all()
    expect(textOf([...seen, ...rest])).toBe('one two')
    expect(rest.at(-1)?.type).toBe('done')
  })
})

test('a quiet stream shows that it lives, and no quiet answer is cut because connections may not be quiet', async () => {
  const upstream = startGatedUpstream()
  await using app = await startApp(embeddedStack, { DEEPSEEK_BASE_URL: upstream.url })
  const ann = await createAsker(app)
  const other = await createConversation(app.deps, ann.userId)
  const impatient = createApp(app.deps).listen({ hostname: '127.0.0.1', port: 0, idleTimeout: 1 })
  const port = impatient.server?.port ?? 0
  const ask = (conversationId: string, rest = '') =>
    fetch(`http://127.0.0.1:${port}/api/v1/conversations/${conversationId}/messages${rest}`, {
      method: 'POST',
      headers: { cookie: ann.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'hello' }),
    })
  const stream = (await ask(ann.conversationId, '/stream')).body
    ?.pipeThrough(new TextDecoderStream())
    .getReader()
  const whole = ask(other)
  const answers = [await upstream.answer(1), await upstream.answer(2)]
  // Whoever comes now and is as quiet as they is cut off, and later than they would be.
  await cutForSilence(port)
  let told = ''
  const tell = async (wanted: string) => {
    while (!told.includes(wanted)) told += (await stream?.read())?.value
  }
  await tell('\n\n:\n\n')
  for (const answer of answers) {
    answer.say('late')
    answer.end()
  }
  await tell('event: done')
  expect((await (await whole).json()).assistant_message.content).toBe('late')
  await impatient.stop(true)
  await upstream.stop()
})

/** Resolves when a client that has not finished its request is cut off. */
function cutForSilence(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n'))
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}
