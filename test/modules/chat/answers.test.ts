import { expect, test } from 'bun:test'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { type Asker, createAsker, textOf } from './asker.ts'

interface Turn {
  user_message: { id: string; content: string; parent_id: string | null; siblings: string[] }
  assistant_message: { id: string; content: string; parent_id: string; status: string; siblings: string[] }
  usage: Record<string, unknown>
}

const pathOf = ({ conversationId }: Asker) => `/api/v1/conversations/${conversationId}/messages`

async function send(ann: Asker, content: string): Promise<Turn> {
  const response = await ann.post(pathOf(ann), { content })
  if (response.status !== 200) throw new Error(await response.text())
  return (await response.json()) as Turn
}

describeOnBothStacks('a question that is answered at once', (start) => {
  test('comes back with its answer and what it cost', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['你好', ', world'] })
    const turn = await send(ann, 'hello')
    expect(turn.user_message).toMatchObject({
      role: 'user',
      content: 'hello',
      parent_id: null,
      status: 'complete',
    })
    expect(turn.assistant_message).toMatchObject({
      role: 'assistant',
      content: '你好, world',
      parent_id: turn.user_message.id,
      status: 'complete',
      usage: turn.usage,
    })
    expect(turn.usage).toEqual({
      prompt_tokens: 7,
      completion_tokens: 2,
      total_tokens: 9,
      estimated: false,
      cost: null,
    })
  })

  test('fails with the error of its turn, which may be read again', async () => {
    await using app = await start({ LLM_MAX_RETRIES: '0' })
    const ann = await createAsker(app)
    app.upstream.play({ text: ['half'], end: 'cut' })
    const response = await ann.post(pathOf(ann), { content: 'hello' })
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'application/problem+json'])
    const problem = (await response.json()) as { code: string; turn_id: string }
    expect(problem.code).toBe('provider_unavailable')
    const events = await (await ann.follow(problem.turn_id)).all()
    expect(textOf(events)).toBe('half')
    expect(events.at(-1)?.type).toBe('error')
  })

  test('tells when its provider says that it is worth trying again, in a stream too', async () => {
    await using app = await start({ DEEPSEEK_MODEL: '429', LLM_MAX_RETRIES: '0' })
    const ann = await createAsker(app)
    const response = await ann.post(pathOf(ann), { content: 'hello' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
    const { turn_id } = (await response.json()) as { turn_id: string }
    const events = await (await ann.follow(turn_id)).all()
    expect(events.at(-1)).toMatchObject({ type: 'error', data: { code: 'rate_limited', retry_after: 7 } })
  })

  test('has its answer so far when somebody stops it', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const answering = send(ann, 'hello')
    while (app.deps.turns.size === 0) await Bun.sleep(1)
    const [turnId] = [...app.deps.turns.keys()]
    await (await ann.follow(String(turnId))).until(({ type }) => type === 'delta')
    await ann.visitor.fetch(`/api/v1/turns/${turnId}`, { method: 'DELETE' })
    expect((await answering).assistant_message).toMatchObject({ status: 'stopped', content: 'so far' })
  })

  test('takes no place among the readers any more when whoever waited has left', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    const leaving = new AbortController()
    const asking = ann.visitor.fetch(pathOf(ann), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"content":"hello"}',
      signal: leaving.signal,
    })
    while (app.deps.turns.size === 0) await Bun.sleep(1)
    const [turn] = [...app.deps.turns.values()]
    while (turn?.readers === 0) await Bun.sleep(1)
    leaving.abort()
    await asking.catch(() => {})
    while (turn?.readers === 1) await Bun.sleep(1)
    expect([turn?.readers, turn?.log.isEnded]).toEqual([0, false])
    turn?.stop('stopped')
    await turn?.ended
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('with a key, is the same turn when it is sent again', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const again = () => ann.post(pathOf(ann), { content: 'hello' }, { 'idempotency-key': 'k' })
    const [first, second] = await Promise.all([again(), again()])
    expect(await second?.json()).toEqual(await first?.json())
    expect(app.upstream.requests).toHaveLength(1)
  })

  test('takes how it is to be answered', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const options = { temperature: 0.25, top_p: 0.5, max_tokens: 77, system_prompt: 'Rhyme.' }
    expect((await ann.post(pathOf(ann), { content: 'hello', ...options })).status).toBe(200)
    const asked = app.upstream.requests[0]?.body as { messages: unknown[] }
    expect(asked).toMatchObject({ temperature: 0.25, top_p: 0.5, max_tokens: 77 })
    expect(asked.messages[0]).toEqual({ role: 'system', content: 'Rhyme.' })
  })

  test('with a prompt of its own no longer than a conversation may have', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const statusOf = async (system_prompt: string) =>
      (await ann.post(pathOf(ann), { content: 'hello', system_prompt })).status
    expect(await statusOf('x'.repeat(32 * 1024))).toBe(200)
    for (const prompt of ['x'.repeat(32 * 1024 + 1), '词'.repeat(11_000), 'a\0', '\ud800']) {
      const refused = await ann.post(pathOf(ann), { content: 'hello', system_prompt: prompt })
      expect(await refused.json()).toMatchObject({
        code: 'invalid_request',
        errors: [{ path: 'system_prompt' }],
      })
    }
    expect(app.upstream.requests).toHaveLength(1)
  })

  test('may begin anew, beside what was said before', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const first = await send(ann, 'one')
    const response = await ann.post(pathOf(ann), { content: 'two', parent_id: null })
    const second = (await response.json()) as Turn
    expect(second.user_message.parent_id).toBeNull()
    expect(second.user_message.siblings).toEqual([first.user_message.id, second.user_message.id])
  })
})

describeOnBothStacks('a message that is changed', (start) => {
  test('is answered anew, as a branch of its own', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const first = await send(ann, 'hello')
    const response = await ann.put(`/api/v1/messages/${first.user_message.id}`, { content: 'hello!' })
    const edited = (await response.json()) as Turn
    expect(edited.user_message).toMatchObject({ content: 'hello!', siblings: { length: 2 } })
    expect(edited.assistant_message.status).toBe('complete')
  })

  test('is kept without an answer where nobody wants one', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const first = await send(ann, 'hello')
    const window = readEvents(await ann.visitor.get('/api/v1/events'))
    const response = await ann.put(`/api/v1/messages/${first.user_message.id}`, {
      content: 'hello!',
      answer: false,
    })
    expect(await window.next()).toMatchObject({
      type: 'conversation_changed',
      data: { conversation_id: ann.conversationId },
    })
    await window.leave()
    expect(await response.json()).toMatchObject({
      user_message: { content: 'hello!' },
      assistant_message: null,
      usage: null,
    })
    expect(app.upstream.requests).toHaveLength(1)
  })

  test.each([
    ['text/event-stream', 'text/event-stream; charset=utf-8'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
  ])('or made anew comes as the client likes it (%s)', async (accept, type) => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['one'], finishReason: 'length' })
    const first = await send(ann, 'hello')
    const asks = [
      () => ann.put(`/api/v1/messages/${first.user_message.id}`, { content: 'hi' }, { accept }),
      () => ann.post(`/api/v1/messages/${first.assistant_message.id}/regenerate`, {}, { accept }),
      () =>
        ann.visitor.fetch(`/api/v1/messages/${first.assistant_message.id}/continue`, {
          method: 'POST',
          headers: { accept },
        }),
    ]
    for (const ask of asks) {
      const response = await ask()
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toStartWith(type)
      expect(await response.text()).toContain('word0')
    }
  })

  test('goes on where it was cut: first what was said before, then what is new', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    app.upstream.play({ text: ['one, two'], finishReason: 'length' }, { text: [', three'] })
    const first = await send(ann, 'count')
    const accept = { accept: 'text/event-stream' }
    const response = await ann.post(`/api/v1/messages/${first.assistant_message.id}/continue`, {}, accept)
    const events = await readEvents(response).all()
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['start', 'snapshot'])
    expect(textOf(events)).toBe('one, two, three')
  })

  test('is refused what it is not for', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const { user_message: question, assistant_message: answer } = await send(ann, 'hello')
    const refused = [
      await ann.put(`/api/v1/messages/${answer.id}`, { content: 'x' }),
      await ann.post(`/api/v1/messages/${question.id}/regenerate`),
      await ann.post(`/api/v1/messages/${question.id}/continue`),
      await ann.post(`/api/v1/messages/${answer.id}/continue`),
      await ann.put(`/api/v1/messages/${question.id}`, { content: '' }),
      await ann.post(`/api/v1/messages/${answer.id}/regenerate`, { temperature: 5 }),
    ]
    for (const response of refused) {
      expect([response.status, (await response.json()).code]).toEqual([400, 'invalid_request'])
    }
    for (const id of ['x', crypto.randomUUID()]) {
      expect((await ann.put(`/api/v1/messages/${id}`, { content: 'x' })).status).toBe(404)
      expect((await ann.post(`/api/v1/messages/${id}/regenerate`)).status).toBe(404)
      expect((await ann.post(`/api/v1/messages/${id}/continue`)).status).toBe(404)
    }
    expect(app.upstream.requests).toHaveLength(1)
  })
})
