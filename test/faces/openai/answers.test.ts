import { expect, setDefaultTimeout, test } from 'bun:test'
import { notedCalls } from '../../modules/usage/usage.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { type Gateway, hello, openGateway, refusal } from './gateway.ts'
import { readLines } from './lines.ts'

setDefaultTimeout(60_000)

const chat = '/chat/completions'
const streaming = { ...hello, stream: true }

describeOnBothStacks('an answer through /v1', (start) => {
  test('of a provider that fails is an error without anything of the provider’s secrets', async () => {
    await using at = await openGateway(start, {
      DEEPSEEK_API_KEY: 'sk-secret-of-the-house',
      LLM_TIMEOUT_SECONDS: '1',
    })
    const { app, ask } = at
    const { host } = new URL(app.upstream.url)
    const words = (text: string): Script => ({
      status: 400,
      body: JSON.stringify({
        error: {
          message: text,
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
      }),
    })
    const leaking = `Too long; key sk-secret-of-the-house at http://${host}/v1/chat, host ${host}, Bearer abc`
    const cases: [Script, number, object][] = [
      [
        words(leaking),
        400,
        { param: 'messages', code: 'context_length_exceeded', type: 'invalid_request_error' },
      ],
      [{ status: 422, body: '{"detail":"Field required"}' }, 400, { message: 'Field required' }],
      [{ status: 400, body: '<html>' }, 400, { message: 'The model refused the request' }],
      [
        { status: 401, body: '{"error":{"message":"wrong key sk-secret"}}' },
        502,
        { code: 'provider_rejected' },
      ],
      // For what it is about, in the words and at the status of whoever refuses it.
      ...[
        { status: 400, body: '{"error":{"message":"not that","code":"data_inspection_failed"}}' },
        { status: 403, body: '{"error":{"message":"flagged","code":"moderation_blocked"}}' },
        { status: 500, body: '{"error":{"message":"Content Exists Risk"}}' },
        { raw: ['data: {"error":{"message":"no","code":"DataInspectionFailed"}}\n\n'] },
      ].map((script): [Script, number, object] => [
        script,
        400,
        {
          type: 'invalid_request_error',
          code: expect.stringMatching(/^(content_policy_violation|moderation_blocked)$/),
        },
      ]),
      [{ status: 500, body: leaking }, 502, { type: 'server_error', code: 'provider_unavailable' }],
      [
        { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
        502,
        { type: 'server_error' },
      ],
      [{ body: '{"error":{"message":"the model is not loaded","code":503}}' }, 502, { type: 'server_error' }],
      [
        { raw: ['data: {"error":{"message":"too many","code":"rate_limit"}}\n\n'] },
        429,
        { type: 'requests' },
      ],
      [{ raw: [': queued\n\n'], end: 'cut' }, 502, { type: 'server_error' }],
      [{ hang: true }, 504, { code: 'provider_timeout' }],
    ]
    for (const [script, status, more] of cases) {
      app.upstream.play(script)
      const answer = await refusal(ask(chat, streaming))
      expect(answer).toMatchObject({ status, ...more })
      const told = JSON.stringify(answer)
      expect(told).not.toContain('sk-secret')
      expect(told).not.toContain(host)
      // A key that failed rests: the next case is about another failure.
      app.deps.llm.configure({ accesses: [], models: [], defaultModel: null })
    }
    app.upstream.play({ status: 429, headers: { 'retry-after': '7' }, body: '{}' })
    const limited = await ask(chat, hello)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
    expect(JSON.stringify(app.log)).not.toContain('sk-secret')
    const rows = await at.ledger(cases.length + 1)
    expect(rows.every(({ outcome }) => outcome === 'failed')).toBe(true)
    expect(rows.map(({ errorCode }) => errorCode)).toContain('provider_timeout')
    expect(rows.filter(({ prompt }) => prompt > 0).map(({ errorCode }) => errorCode)).toEqual([
      'provider_timeout',
    ])
  })

  test('comes from another key, and from the model that stands in, as long as no byte has gone out', async () => {
    await using at = await openGateway(start, { DEEPSEEK_API_KEY: 'sk-one,sk-two' })
    const { app, ask } = at
    app.upstream.play({ status: 401, body: '{}' }, { text: ['fine'] })
    expect(await (await ask(chat, streaming)).text()).toContain('fine')
    const keys = app.upstream.requests.map(({ headers }) => headers.authorization)
    expect(new Set(keys)).toEqual(new Set(['Bearer sk-one', 'Bearer sk-two']))

    const offer = {
      provider: 'deepseek',
      isEnabled: true,
      contextWindow: null,
      maxOutputTokens: null,
      plans: null,
      prices: { input: 1_000_000, cachedInput: null, output: 2_000_000, reasoning: null },
      capabilities: { vision: null, reasoning: null, tools: null },
    }
    app.deps.llm.configure({
      accesses: [],
      models: [
        { ...offer, id: 'best', model: 'first-choice', name: 'Best', fallbacks: ['spare'] },
        { ...offer, id: 'spare', model: 'second-choice', name: 'Spare', fallbacks: [] },
      ],
      defaultModel: null,
    })
    app.upstream.reset()
    app.upstream.play({ status: 500, body: '{}' }, { text: ['from', ' the spare'] })
    expect(await (await ask(chat, { ...streaming, model: 'best' })).text()).toContain(' the spare')
    expect(app.upstream.requests.map(({ body }) => body.model)).toContain('second-choice')

    app.upstream.reset()
    app.upstream.play({ text: ['half'], end: 'cut' })
    const broken = await (await ask(chat, { ...streaming, model: 'best' })).text()
    expect(broken).toContain('event: error\ndata: {"type":"error","error":{')
    expect(app.upstream.requests).toHaveLength(1)
    expect((await at.ledger(3)).map(({ model, outcome }) => `${model} ${outcome}`)).toEqual([
      'deepseek/deepseek-chat complete',
      'spare complete',
      'best failed',
    ])

    // And is what the database is told of while it goes on, as it would be counted now.
    app.deps.tokenFactors.set('spare', { factor: 2, answers: 1, weight: 1, isSaved: true })
    app.upstream.play({ status: 500, body: '{}' }, { text: ['from', ' the spare'], end: 'hang' })
    const open = await readLines(ask(chat, { ...streaming, model: 'best' }))
    const [note] = await notedCalls(app.deps, 6)
    expect(note).toMatchObject({ model: 'spare', completion_tokens: 6, is_estimated: true })
    expect(note?.prompt_tokens).toBeGreaterThan(0)
    expect(note?.cost_micros).toBe(Number(note?.prompt_tokens) + 2 * 6)
    expect(note?.time_to_first_token_ms).not.toBeNull()
    await open.reader?.cancel()
    expect((await at.ledger(4))[3]).toMatchObject({ model: 'spare', outcome: 'stopped', completion: 6 })
  })

  test('is written down once, by the provider’s count or by what was delivered', async () => {
    await using at = await openGateway(start, { LLM_IDLE_TIMEOUT_SECONDS: '1' })
    const { app, ask } = at
    const read = async (body: object) => (await ask(chat, body)).text()
    app.upstream.play({ tokens: 5, usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } })
    expect(await read(streaming)).not.toContain('"usage":{')
    app.upstream.play({ text: ['你好', '世界', '你好', '世界'], usage: null })
    await read(streaming)
    app.upstream.play({ text: ['half of it'], end: 'bare' })
    expect(await read(streaming)).toContain('event: error')
    app.upstream.play({ text: ['and then '], end: 'hang' })
    expect(await read(streaming)).toContain('provider_timeout')
    app.upstream.play({ text: ['You may ', 'go on'], delayMs: 60_000 })
    const left = await readLines(ask(chat, streaming))
    await left.reader?.cancel()
    expect(await app.upstream.requests.at(-1)?.closed).toBe('left')
    // It counts as it begins, and never again.
    const [early, more] = [
      { prompt_tokens: 9, completion_tokens: 0 },
      { content: 'many words of it '.repeat(9) },
    ]
    const raw = [{ choices: [{ delta: { content: 'a' } }], usage: early }, { choices: [{ delta: more }] }]
    app.upstream.play({ raw: raw.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), end: 'hang' })
    expect(await read(streaming)).toContain('provider_timeout')
    // Of two answers only one has come to its end, then both.
    const ends = [0, 1].map((index) => ({ choices: [{ index, delta: {}, finish_reason: 'stop' }] }))
    const pieces = [{ choices: [{ index: 1, delta: { content: 'b' } }] }, ...ends].map(
      (chunk) => `data: ${JSON.stringify(chunk)}\n\n`,
    )
    app.upstream.play({ raw: pieces.slice(0, 2), end: 'bare' }, { raw: pieces, end: 'bare' })
    expect(await read({ ...streaming, n: 2 })).toContain('broke off')
    expect(await read({ ...streaming, n: 2 })).not.toContain('event: error')
    const rows = await at.ledger(8)
    expect(rows).toMatchObject([
      { kind: 'call', outcome: 'complete', prompt: 100, completion: 50, isEstimated: false, keyId: at.keyId },
      { outcome: 'complete', isEstimated: true },
      { outcome: 'failed', errorCode: 'provider_unavailable', isEstimated: true },
      { outcome: 'failed', errorCode: 'provider_timeout', isEstimated: true },
      { outcome: 'stopped', errorCode: null, isEstimated: true },
      { outcome: 'failed', errorCode: 'provider_timeout', isEstimated: true },
      { outcome: 'failed', errorCode: 'provider_unavailable' },
      { outcome: 'complete' },
    ])
    expect(rows[5]?.completion).toBeGreaterThan(15)
    for (const { prompt, completion } of rows.slice(1)) {
      expect(prompt).toBeWithin(3, 200)
      expect(completion).toBeWithin(1, 200)
    }
  })

  test('of any length arrives whole, however slowly it is read', async () => {
    await using at = await openGateway(start)
    const { app, ask } = at
    const wide = 'x'.repeat(1000)
    app.upstream.play({ text: Array(40_000).fill(wide) })
    const slow = await readLines(ask(chat, streaming))
    await Bun.sleep(100)
    const rest = await slow.rest()
    expect(rest.length).toBeGreaterThan(40_000_000)
    expect(rest).toEndWith('data: [DONE]\n\n')
    expect(await at.ledger(1)).toMatchObject([{ completion: 40_000, isEstimated: false }])
  })
})

describeOnBothStacks('the ledger of many calls at once', (start) => {
  test('adds up to what the provider says it served', async () => {
    await using at = await openGateway(start, {
      LIMIT_GATEWAY_KEY: '0',
      LIMIT_GATEWAY_USER: '0',
      LIMIT_GATEWAY_IP: '0',
    })
    const served = await storm(at, 300)
    const rows = await at.ledger(300)
    expect(rows).toHaveLength(300)
    const counted = rows.filter(({ isEstimated }) => !isEstimated)
    const sum = counted.reduce((all, { completion }) => all + completion, 0)
    expect([counted.length, sum]).toEqual([served.whole, served.tokens])
    const outcomes = Object.groupBy(rows, ({ outcome }) => outcome)
    expect(outcomes.complete).toHaveLength(served.whole)
    expect(outcomes.stopped).toHaveLength(served.stopped)
    expect(outcomes.failed).toHaveLength(served.failed)
  })
})

/** Calls of every kind of fate, thirty at a time. */
async function storm({ app, ask }: Gateway, count: number) {
  const served = { whole: 0, tokens: 0, stopped: 0, failed: 0 }
  const fates: ((at: number) => Promise<void>)[] = [
    async (at) => {
      await (await ask(chat, { ...streaming, model: `deepseek/tokens-${1 + (at % 40)}` })).text()
      served.whole++
      served.tokens += 1 + (at % 40)
    },
    async () => {
      const stream = await readLines(ask(chat, { ...streaming, model: 'deepseek/tokens-50-20' }))
      await stream.reader?.cancel()
      served.stopped++
    },
    async () => {
      await (await ask(chat, { ...streaming, model: 'deepseek/cut' })).text()
      served.failed++
    },
    async () => {
      await (await ask(chat, { ...streaming, model: 'deepseek/400' })).text()
      served.failed++
    },
  ]
  const models = ['cut', '400', 'tokens-50-20', ...Array.from({ length: 40 }, (_, at) => `tokens-${at + 1}`)]
  app.deps.llm.configure({
    accesses: [],
    models: models.map((model) => ({
      id: `deepseek/${model}`,
      provider: 'deepseek',
      model,
      name: model,
      isEnabled: true,
      contextWindow: null,
      maxOutputTokens: null,
      prices: null,
      capabilities: { vision: null, reasoning: null, tools: null },
      plans: null,
      fallbacks: [],
    })),
    defaultModel: null,
  })
  let next = 0
  const worker = async () => {
    for (let at = next++; at < count; at = next++) await fates[at % fates.length]?.(at)
  }
  await Promise.all(Array.from({ length: 30 }, worker))
  return served
}
