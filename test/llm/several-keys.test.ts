import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Config, ProviderConfig } from '../../src/config.ts'
import { findAppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import type { LlmEvent, ModelOffer, ModelRef } from '../../src/llm/llm.ts'
import { startUpstream } from '../support/upstream.ts'
import type { Script } from '../support/upstream-scripts.ts'
import { hello } from './ask.ts'

const upstream = startUpstream()
afterAll(() => upstream.stop())
beforeEach(() => upstream.reset())

const provider = (name: string, ...apiKeys: string[]): ProviderConfig => ({
  name,
  baseUrl: upstream.url,
  apiKeys,
  model: 'normal',
  organization: null,
})

function open(providers: ProviderConfig[], more: Partial<Config['llm']> = {}) {
  const lines: string[] = []
  const llm = createLlm(
    {
      presets: [],
      providers,
      defaultModel: null,
      models: [],
      contextWindow: 32_768,
      timeoutSeconds: 5,
      idleTimeoutSeconds: 5,
      maxRetries: 0,
      ...more,
    },
    createLog('trace', (line) => lines.push(line)),
  )
  const stood: ModelRef[] = []
  async function ask(model: ModelRef = llm.defaultModel, fallbacks: ModelRef[] = []) {
    const events: LlmEvent[] = []
    const { signal } = new AbortController()
    const options = { model, fallbacks, signal, onFallback: (ref: ModelRef) => stood.push(ref) }
    try {
      for await (const batch of llm.stream({ ...hello, maxTokens: 3000 }, options)) events.push(...batch)
      return { events, code: null }
    } catch (error) {
      return { events, code: findAppError(error)?.code }
    }
  }
  return { llm, lines, ask, stood }
}

const keysAsked = () => upstream.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', ''))
const refusal = (status: number, headers = {}): Script => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ error: { message: 'no' } }),
})

const tooLow = 'Your credit balance is too low to use this. Please buy more.'
const badQuestion = (type: string, message: string): Script => ({
  status: 400,
  body: JSON.stringify({ type: 'error', error: { type, message } }),
})
const notValid = JSON.stringify({
  error: {
    code: 400,
    message: 'API key not valid. Please pass another.',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'x/ErrorInfo', reason: 'API_KEY_INVALID', domain: 'x' }],
  },
})

describe('several keys', () => {
  test('take turns', async () => {
    const { ask } = open([provider('test', 'sk-a1', 'sk-b2', 'sk-c3')])
    for (let times = 0; times < 4; times++) expect((await ask()).code).toBeNull()
    expect(keysAsked()).toEqual(['sk-a1', 'sk-b2', 'sk-c3', 'sk-a1'])
  })

  test.each([
    ['a refused key', refusal(401)],
    ['no money left', refusal(402)],
    ['no money left, told as a bad question', badQuestion('invalid_request_error', tooLow)],
    ['no money left, in a code', { status: 400, body: '{"error":{"message":"no","code":"Arrearage"}}' }],
    ['an invalid key, told as a bad question', { status: 400, body: `[${notValid}]` }],
    ['an invalid key, told inside an answer', { raw: [`data: ${notValid}\n\n`] }],
    ['too many requests', refusal(429, { 'retry-after': '30' })],
    ['a broken server', refusal(503)],
    ['a gateway that gave up', refusal(504)],
    ['an error before the first word', { tokens: 0, end: 'error', error: { message: 'overloaded' } }],
    ['a cut before the first word', { tokens: 0, end: 'cut' }],
  ] as [string, Script][])('%s is not noticed, and rests', async (_, script) => {
    const { ask, lines } = open([provider('test', 'sk-a1', 'sk-b2')])
    upstream.play(script)
    const { events, code } = await ask()
    expect([code, events.filter(({ type }) => type === 'finish').length]).toEqual([null, 1])
    await ask()
    await ask()
    expect(keysAsked()).toEqual(['sk-a1', 'sk-b2', 'sk-b2', 'sk-b2'])
    expect(lines.join('')).toContain('settings-1')
    expect(lines.join('')).not.toContain('sk-')
  })

  test('a key rests on when it answers what it was asked before', async () => {
    const { ask } = open([provider('test', 'sk-a1', 'sk-b2')])
    const { promise: until, resolve: goOn } = Promise.withResolvers<void>()
    upstream.play({ until })
    const early = ask()
    while (upstream.requests.length === 0) await Bun.sleep(5)
    await ask()
    upstream.play(refusal(429, { 'retry-after': '60' }))
    await ask()
    goOn()
    expect((await early).code).toBeNull()
    for (const _ of [1, 2]) await ask()
    expect(keysAsked()).toEqual(['sk-a1', 'sk-b2', 'sk-a1', 'sk-b2', 'sk-b2', 'sk-b2'])
  })

  test('after the first word a failure is one', async () => {
    const { ask } = open([provider('test', 'sk-a1', 'sk-b2')])
    upstream.play({ text: ['a', 'b'], delayMs: 1, end: 'cut' })
    const { events, code } = await ask()
    expect([code, events[0]]).toEqual(['provider_unavailable', { type: 'delta', text: 'a' }])
    expect(keysAsked()).toEqual(['sk-a1'])
  })

  test('what is wrong with the question is asked once', async () => {
    const { ask } = open([provider('test', 'sk-a1', 'sk-b2')])
    upstream.play(refusal(400))
    // The second is the same key, asked without `stream_options`.
    upstream.play(refusal(400))
    expect((await ask()).code).toBe('provider_rejected')
    expect(new Set(keysAsked())).toEqual(new Set(['sk-a1']))
    // Whoever writes such words himself is quoted, in whatever JSON.
    const quoted = badQuestion('invalid_request_error', `bad: {"message":"${tooLow}","code":"Arrearage"}`)
    upstream.reset()
    upstream.play(quoted, quoted)
    expect((await ask()).code).toBe('provider_rejected')
    expect(new Set(keysAsked())).toEqual(new Set(['sk-b2']))
  })

  test('when none is any good, the last one’s refusal is told', async () => {
    const { ask } = open([provider('test', 'sk-a1', 'sk-b2')], { maxRetries: 1 })
    upstream.play(refusal(500), refusal(429), refusal(429))
    expect((await ask()).code).toBe('rate_limited')
    expect(keysAsked()).toEqual(['sk-a1', 'sk-b2', 'sk-b2'])
  })
})

describe('models that stand in', () => {
  const other: ModelRef = { provider: 'other', model: 'short' }
  const third: ModelRef = { provider: 'other', model: 'normal' }
  const models = [{ ...other, contextWindow: 2048, maxOutputTokens: 1000 }]

  test('are asked in their order before the first word, with no more than they can write', async () => {
    const { ask, stood } = open([provider('test', 'sk-a1'), provider('other', 'sk-o1')], { models })
    upstream.play(refusal(503), refusal(404), {})
    expect((await ask(undefined, [third, other])).code).toBeNull()
    expect(stood).toEqual([other])
    expect(upstream.requests.map(({ body }) => [body.model, body.max_tokens])).toEqual([
      ['normal', 3000],
      ['normal', 3000],
      ['short', 1000],
    ])
  })

  test('not for a question that is refused, and not after the first word', async () => {
    const { ask, stood } = open([provider('test', 'sk-a1'), provider('other', 'sk-o1')], { models })
    upstream.play({ text: ['a', 'b'], delayMs: 1, end: 'cut' })
    expect((await ask(undefined, [other])).code).toBe('provider_unavailable')
    upstream.play(refusal(422), refusal(422))
    expect((await ask(undefined, [other])).code).toBe('provider_rejected')
    expect(stood).toEqual([])
    expect(new Set(keysAsked())).toEqual(new Set(['sk-a1']))
  })

  test('when none answers, the last one’s failure is told', async () => {
    const { ask, stood } = open([provider('test', 'sk-a1'), provider('other', 'sk-o1')])
    upstream.play(refusal(503), refusal(429))
    expect((await ask(undefined, [third])).code).toBe('rate_limited')
    expect(stood).toEqual([])
  })
})

describe('what is entered while the service runs', () => {
  const access = { id: 'stored', provider: 'fresh', baseUrl: upstream.url, apiKey: 'sk-f1' }
  const offer: ModelOffer = {
    id: 'clever',
    provider: 'fresh',
    model: 'normal',
    name: 'The clever one',
    isEnabled: true,
    contextWindow: 5000,
    maxOutputTokens: 100,
    prices: null,
    capabilities: { vision: null, reasoning: null, tools: null },
    plans: null,
    fallbacks: [],
  }

  test('makes a provider available, replaces the demo model, and goes again', async () => {
    const { llm, ask } = open([])
    expect(llm.models().map(({ id }) => id)).toEqual(['demo/demo'])
    llm.configure({ accesses: [access], models: [offer], defaultModel: 'clever' })
    expect(llm.models()).toMatchObject([
      { id: 'clever', name: 'The clever one', contextWindow: 5000, maxOutputTokens: 100 },
      { id: 'fresh' },
    ])
    expect((await ask()).code).toBeNull()
    expect([keysAsked(), llm.providers()]).toEqual([
      ['sk-f1'],
      [{ name: 'fresh', accesses: [{ id: 'stored', baseUrl: upstream.url, restSeconds: 0 }] }],
    ])
    llm.configure({ accesses: [], models: [offer], defaultModel: 'clever' })
    expect(llm.defaultModel.provider).toBe('demo')
    expect((await ask({ provider: 'fresh', model: 'normal' })).code).toBe('invalid_request')
  })

  test('adds keys to those of the settings, and says more about their models', async () => {
    const { llm, ask } = open([provider('fresh', 'sk-a1')])
    llm.configure({ accesses: [access], models: [{ ...offer, contextWindow: null }], defaultModel: null })
    expect(llm.models()).toMatchObject([{ id: 'clever', contextWindow: 32_768, maxOutputTokens: 100 }])
    await ask()
    await ask()
    expect(keysAsked()).toEqual(['sk-a1', 'sk-f1'])
    llm.configure({ accesses: [], models: [{ ...offer, isEnabled: false }], defaultModel: null })
    expect(llm.models()).toEqual([])
  })

  test('wakes a key that was mended, or that an administrator has tried with success', async () => {
    const { llm, ask } = open([provider('fresh', 'sk-a1')])
    const enter = (apiKey: string) =>
      llm.configure({ accesses: [{ ...access, apiKey }], models: [], defaultModel: null })
    const rests = () => llm.providers()[0]?.accesses[1]?.restSeconds
    enter('sk-f1')
    upstream.play({}, refusal(401))
    for (const _ of [1, 2]) await ask()
    expect(rests()).toBeGreaterThan(0)
    enter('sk-f2')
    expect(rests()).toBe(0)

    upstream.play({}, refusal(401))
    for (const _ of [1, 2]) await ask()
    expect(rests()).toBeGreaterThan(0)
    // Another key than the one that rests.
    expect(await llm.check({ ...access, apiKey: 'sk-f3' })).toMatchObject({ ok: true })
    expect(rests()).toBeGreaterThan(0)
    expect(await llm.check({ ...access, apiKey: 'sk-f2' })).toMatchObject({ ok: true })
    expect(rests()).toBe(0)
  })
})
