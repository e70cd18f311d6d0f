import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { readQuestion } from '../../../src/faces/openai/read-question.ts'
import { setOverheadHeader } from '../../../src/http/overhead.ts'
import { givePlan } from '../../modules/usage/usage.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { clientOf, hello, openGateway, overheadOf, refusal } from './gateway.ts'

setDefaultTimeout(60_000)

const { messages } = hello

describeOnBothStacks('a question to /v1', (start) => {
  test('that makes no sense is refused with its reason, before any provider is asked', async () => {
    await using at = await openGateway(start, { MAX_GATEWAY_BODY_BYTES: '4096' })
    const { app, ask } = at
    const chat = '/chat/completions'
    const wrong: [path: string, body: unknown, status: number, param: string | null][] = [
      [chat, 'no json', 400, null],
      [chat, '', 400, null],
      [chat, '[]', 400, null],
      [chat, '{"model":"deepseek","model":"deepseek","messages":[]}', 400, null],
      [chat, { messages }, 400, 'model'],
      [chat, { ...hello, model: 7 }, 400, 'model'],
      [chat, { ...hello, model: 'none/such' }, 404, 'model'],
      [chat, { model: 'deepseek' }, 400, 'messages'],
      [chat, { model: 'deepseek', messages: [] }, 400, 'messages'],
      [chat, { model: 'deepseek', messages: 'hello' }, 400, 'messages'],
      [chat, { model: 'deepseek', messages: [{ content: 'x' }] }, 400, 'messages[0].role'],
      [chat, { model: 'deepseek', messages: [{ role: 'user', content: 7 }] }, 400, 'messages[0].content'],
      [chat, { ...hello, stream: 'yes' }, 400, 'stream'],
      [chat, { ...hello, temperature: 'hot' }, 400, 'temperature'],
      [chat, { ...hello, messages: [...messages, { role: 'user' }] }, 400, 'messages[1].content'],
      [chat, { ...hello, stream_options: [] }, 400, 'stream_options'],
      [chat, { ...hello, n: 0 }, 400, 'n'],
      [chat, { ...hello, max_tokens: 1_000_000 }, 400, 'max_tokens'],
      [chat, { ...hello, max_completion_tokens: -1 }, 400, 'max_completion_tokens'],
      ['/embeddings', { model: 'deepseek', input: '' }, 400, 'input'],
      ['/responses', { model: 'deepseek' }, 400, 'input'],
      ['/images/generations', { model: 'deepseek' }, 400, 'prompt'],
      ['/nothing', hello, 404, null],
      [chat, { ...hello, padding: 'x'.repeat(5000) }, 413, null],
    ]
    for (const [path, body, status, param] of wrong) {
      const refused = await refusal(ask(path, body))
      expect([body, refused.status, refused.param]).toEqual([body, status, param])
      expect(refused).toMatchObject({ message: expect.any(String), type: 'invalid_request_error' })
    }
    const asText = await ask(chat, 'hello', at.key, { 'content-type': 'text/plain' })
    expect(asText.status).toBe(415)
    expect(app.upstream.requests).toEqual([])
    expect(await at.ledger(0)).toEqual([])
  })

  test('is passed on as it was written, but for the name of the model and the wish for usage', async () => {
    await using at = await openGateway(start, { MODELS: 'deepseek/a/b' })
    const { app, ask } = at
    const seen = async (body: string) => {
      app.upstream.reset()
      await (await ask('/chat/completions', body)).text()
      return app.upstream.requests[0]?.body
    }
    const list = JSON.stringify(messages)
    const odd = `{ "seed": 1, "messages" : ${list},\n"x":"\\"model\\":\\"y\\"}", "model" :"deepseek/a/b" , "stream":true, "stream_options":{"of_tomorrow":1} }`
    expect(await seen(odd)).toEqual({
      seed: 1,
      messages,
      x: '"model":"y"}',
      model: 'a/b',
      stream: true,
      stream_options: { of_tomorrow: 1, include_usage: true },
    })
    expect(await seen(`{"model":"deepseek","messages":${list},"stream":false}`)).toEqual({
      model: 'deepseek-chat',
      messages,
      stream: false,
    })
  })

  test('is refused by a plan that is used up, and shortened by one that nearly is', async () => {
    await using at = await openGateway(start)
    const { app, ask } = at
    const [row] = rowsOf<{ id: number }>(await app.deps.db.execute(sql`select id::integer as id from users`))
    const userId = row?.id ?? 0
    await givePlan(app.deps, userId, { requests_day: 2, tokens_day: 1000 })
    app.upstream.play({ text: ['a'] })
    await (await ask('/chat/completions', { ...hello, stream: true })).text()
    expect(Number(app.upstream.requests[0]?.body.max_tokens)).toBeWithin(900, 1000)
    // At once: what has ended holds no room, though it is not in the ledger yet.
    const answer = await ask('/chat/completions', { ...hello, stream: true, max_completion_tokens: 5 })
    await answer.text()
    expect(app.upstream.requests[1]?.body).toMatchObject({ max_completion_tokens: 5 })
    expect(app.upstream.requests[1]?.body).not.toHaveProperty('max_tokens')
    const refused = await ask('/chat/completions', hello)
    expect(refused.headers.get('retry-after')).toBe(String(12 * 3600))
    expect(refused.headers.get('x-should-retry')).toBe('false')
    expect(await refusal(refused)).toMatchObject({
      status: 429,
      message: 'The requests for this day: not enough is left; it begins anew at 2026-03-02 00:00 UTC',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    })
    const limited = await at.newKey({ quota: { requests_day: 0 } })
    await givePlan(app.deps, userId, {})
    expect(await refusal(ask('/chat/completions', hello, limited.key))).toMatchObject({ status: 429 })
    app.clock.advance(24 * 3600)
    expect((await ask('/chat/completions', hello)).status).toBe(200)
  })

  test('finds no room while another may use it up, and finds it when that has ended', async () => {
    await using at = await openGateway(start)
    const { app, ask } = at
    const [row] = rowsOf<{ id: number }>(await app.deps.db.execute(sql`select id::integer as id from users`))
    await givePlan(app.deps, row?.id ?? 0, { requests_day: 3, tokens_day: 1000 })
    const chat = '/chat/completions'
    const gate = Promise.withResolvers<void>()
    app.upstream.play({ status: 400, body: '{"error":{"message":"no"}}', until: gate.promise })
    const failing = ask(chat, hello)
    while (app.upstream.requests.length === 0) await Bun.sleep(5)
    const refused = await ask(chat, hello)
    expect([refused.headers.get('retry-after'), refused.headers.get('x-should-retry')]).toEqual(['30', null])
    expect(await refusal(refused)).toMatchObject({
      status: 429,
      code: 'insufficient_quota',
      message: expect.stringContaining('under way; it begins anew at 2026-03-02 00:00 UTC'),
    })
    gate.resolve()
    expect((await failing).status).toBe(400)
    for (let times = 0; times < 3; times++) {
      const answer = await ask(chat, { ...hello, stream: times > 0 })
      expect([times, answer.status]).toEqual([times, 200])
      await answer.text()
    }
    expect((await at.ledger(4)).map(({ outcome }) => outcome)).toEqual([
      'failed',
      ...Array(3).fill('complete'),
    ])
  })

  test('is told how long we have taken, whatever comes of it, without what we have waited for', async () => {
    await using at = await openGateway(start)
    const { app, ask, key } = at
    const get = (path: string, asker: string) =>
      fetch(`${app.url}/v1${path}`, { headers: { authorization: `Bearer ${asker}` } })
    const answers = {
      models: get('/models', key),
      'no such model': get('/models/none', key),
      'no such path': get('/completions', key),
      'no such key': get('/models', 'cc-none'),
      'a question without a key': ask('/chat/completions', hello, 'cc-none'),
      'no question': ask('/chat/completions', '[]'),
    }
    for (const [name, answer] of Object.entries(answers)) {
      expect([name, overheadOf(await answer) > 0]).toEqual([name, true])
    }
    const refused = { status: 400, body: '{"error":{"message":"no"}}' }
    for (const [script, stream] of [
      [{}, true],
      [{ body: '{}' }, false],
      [refused, false],
    ] as const) {
      app.upstream.reset()
      const gate = Promise.withResolvers<void>()
      app.upstream.play({ ...script, until: gate.promise })
      const startedAt = performance.now()
      const answer = ask('/chat/completions', { ...hello, stream })
      while (app.upstream.requests.length === 0) await Bun.sleep(1)
      const waitedUs = await holdUntil(gate.resolve)
      const overhead = overheadOf(await answer)
      expect([overhead > 0, overhead <= (performance.now() - startedAt) * 1000 - waitedUs]).toEqual([
        true,
        true,
      ])
      await (await answer).text()
    }
  })

  test('is answered by the demo model where there is no other', async () => {
    await using at = await openGateway(start, { DEEPSEEK_API_KEY: '', DEEPSEEK_BASE_URL: '' })
    const { client } = at
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['demo/demo'])
    const question = {
      model: 'demo',
      messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Who are you?' }] }],
    }
    const whole = await client.chat.completions.create(question)
    expect(whole.choices[0]?.message.content).toContain('You said: “Who are you?”')
    const stream = client.chat.completions.stream({ ...question, stream_options: { include_usage: true } })
    const { usage, choices } = await stream.finalChatCompletion()
    expect(choices[0]?.message.content).toBe(whole.choices[0]?.message.content ?? '')
    expect(usage).toEqual(whole.usage)
    expect(await refusal(at.ask('/embeddings', { model: 'demo', input: 'x' }))).toMatchObject({ status: 400 })
    expect((await at.ledger(3)).map(({ outcome }) => outcome)).toEqual(['complete', 'complete', 'failed'])

    const short = { ...question, max_tokens: 5, n: 2 }
    const cut = await client.chat.completions.create(short)
    const beginning = (whole.choices[0]?.message.content ?? '').slice(0, 20)
    expect(cut.choices).toMatchObject([
      { index: 0, finish_reason: 'length', message: { content: beginning } },
      { index: 1, finish_reason: 'length', message: { content: beginning } },
    ])
    expect(cut.usage?.completion_tokens).toBe(10)
    const streamed = client.chat.completions.stream({ ...short, stream_options: { include_usage: true } })
    const { choices: both, usage: counted } = await streamed.finalChatCompletion()
    expect(both.map(({ finish_reason, message }) => [finish_reason, message.content])).toEqual([
      ['length', beginning],
      ['length', beginning],
    ])
    expect(counted).toEqual(cut.usage)

    const told = whole.usage?.prompt_tokens ?? 0
    const tokens = { tokens_day: told + 30 }
    const { key } = await at.newKey({ quota: tokens })
    const shortened = await clientOf(at.app.url, key).chat.completions.create(question)
    expect(shortened.choices[0]?.finish_reason).toBe('length')
    expect(shortened.usage?.completion_tokens).toBeWithin(1, 31)
  })
})

test('the time that a body takes to come is not ours', async () => {
  const gate = Promise.withResolvers<void>()
  const body = new ReadableStream({
    async pull(controller) {
      await gate.promise
      controller.enqueue(Buffer.from('{}'))
      controller.close()
    },
  })
  const request = new Request('http://localhost', { method: 'POST', body })
  const startedAt = performance.now()
  const question = readQuestion(request, 100)
  const waitedUs = await holdUntil(gate.resolve)
  await question
  const headers = new Headers()
  setOverheadHeader(request, headers, startedAt)
  expect(overheadOf({ headers })).toBeLessThanOrEqual((performance.now() - startedAt) * 1000 - waitedUs)
})

/** So long that it would be seen; how long it was is measured. */
async function holdUntil(release: () => void): Promise<number> {
  const since = performance.now()
  await Bun.sleep(100)
  const heldUs = (performance.now() - since) * 1000
  release()
  return heldUs
}
