import { afterAll, beforeEach, expect, test } from 'bun:test'
import { findAppError } from '../../src/errors.ts'
import { startUpstream } from '../support/upstream.ts'
import { word } from '../support/upstream-answer.ts'
import { type Script, scripts } from '../support/upstream-scripts.ts'
import { apiKey, ask, startLlm } from './ask.ts'

const upstream = startUpstream()
const { llm } = startLlm(upstream.url)

beforeEach(() => upstream.reset())
afterAll(() => upstream.stop())

const codeOf = (error: unknown) => findAppError(error)?.code

test('an answer arrives whole, with its reason and the provider’s count', async () => {
  const answer = await ask(llm, 'tokens-256')
  expect(answer.error).toBeNull()
  expect(answer.text).toBe(Array.from({ length: 256 }, (_, at) => word(at)).join(''))
  expect(answer.events.slice(-2)).toEqual([
    { type: 'finish', reason: 'stop' },
    { type: 'usage', usage: { promptTokens: 7, completionTokens: 256, totalTokens: 263 } },
  ])
})

test('reasoning and characters of several bytes arrive in order', async () => {
  const { text, reasoning } = await ask(llm, 'reasoning')
  expect(reasoning).toBe('Let me 想一想…')
  expect(text).toBe('The answer 是 42 🙂')
})

test('the question is put in the provider’s words', async () => {
  const messages = [
    { role: 'system' as const, content: 'Be kind.' },
    { role: 'user' as const, content: '你好' },
  ]
  await ask(llm, 'normal', { prompt: { messages, temperature: 0.7, topP: 0.8, maxTokens: 2000 } })
  const [request] = upstream.requests
  expect(request?.body).toEqual({
    model: 'normal',
    messages,
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.7,
    top_p: 0.8,
    max_tokens: 2000,
  })
  expect(request?.headers.authorization).toBe(`Bearer ${apiKey}`)
})

test('each token is handed on when it comes, not when the answer ends', async () => {
  const stop = new AbortController()
  upstream.play({ text: ['first', 'never'], delayMs: 60_000 })
  const { text } = await ask(llm, 'normal', { signal: stop.signal, onBatch: async () => stop.abort() })
  expect(text).toBe('first')
})

test('a connection is used again after a whole answer', async () => {
  for (let round = 0; round < 6; round++) {
    await ask(llm, 'normal')
    await upstream.requests[round]?.closed
  }
  expect(new Set(upstream.requests.map(({ clientPort }) => clientPort)).size).toBeLessThan(6)
})

test.each([
  ['a finish reason without [DONE]', { end: 'no-done' }],
  ['[DONE] without a finish reason', { finishReason: null }],
  ['no usage', { usage: null }],
  ['usage that cannot be believed', { usage: { prompt_tokens: -5, completion_tokens: 2 } }],
  ['[DONE] and a connection that stays open', { end: 'linger' }],
] as [string, Script][])('complete: %s', async (_, script) => {
  upstream.play({ text: ['a', 'b'], ...script })
  const { text, error, events } = await ask(llm, 'normal')
  expect(error).toBeNull()
  expect(text).toBe('ab')
  expect(events.filter(({ type }) => type === 'finish')).toEqual([{ type: 'finish', reason: 'stop' }])
  for (const event of events) {
    if (event.type === 'usage') expect(Math.min(...Object.values(event.usage))).toBeGreaterThanOrEqual(0)
  }
  await upstream.requests[0]?.closed
})

test('complete: a finish reason and then silence', async () => {
  const { llm } = startLlm(upstream.url, { idleTimeoutSeconds: 0.1 })
  upstream.play({ raw: ['data: {"choices":[{"delta":{},"finish_reason":"length"}]}\n\n'], end: 'hang' })
  const { error, events } = await ask(llm, 'normal')
  expect(error).toBeNull()
  expect(events).toEqual([{ type: 'finish', reason: 'length' }])
  expect(await upstream.requests[0]?.closed).toBe('left')
})

const begun = '{"choices":[{"delta":{"content":"ok"}}]}'

test.each([
  ['an answer cut in the middle', { text: ['ok'], end: 'cut' }, 'provider_unavailable', 'ok'],
  ['an end without reason or [DONE]', { text: ['ok'], end: 'bare' }, 'provider_unavailable', 'ok'],
  ['an error in the stream', { text: ['ok'], end: 'error' }, 'provider_unavailable', 'ok'],
  [
    'a limit told in the stream',
    { text: ['ok'], end: 'error', error: { code: 429, message: 'slow down' } },
    'rate_limited',
    'ok',
  ],
  ['a malformed line', { raw: [`data: ${begun}\n\n`, 'data: {"cho\n\n'] }, 'provider_unavailable', 'ok'],
  ['a connection cut before anything', scripts['cut-at-once'], 'provider_unavailable', ''],
  ['an empty answer', { raw: [] }, 'provider_unavailable', ''],
  ['an error as JSON with 200', scripts['json-error'], 'provider_unavailable', ''],
  ['HTML with 200', scripts.html, 'provider_unavailable', ''],
  ['a line of 10 MB', scripts['huge-line'], 'provider_unavailable', ''],
  ['500', scripts['500'], 'provider_unavailable', ''],
  ['503', scripts['503'], 'provider_unavailable', ''],
  ['400', scripts['400'], 'provider_rejected', ''],
  ['401', scripts['401'], 'provider_rejected', ''],
  ['402', { status: 402, body: 'no money' }, 'provider_rejected', ''],
  ['403', { status: 403, body: '' }, 'provider_rejected', ''],
  ['404', scripts['404'], 'provider_rejected', ''],
  ['422', { status: 422, body: '{"detail":[]}' }, 'provider_rejected', ''],
  ['408', { status: 408, body: '' }, 'provider_timeout', ''],
] as [string, Script, string, string][])('%s', async (_, script, code, text) => {
  upstream.play(script, script)
  const answer = await ask(llm, 'normal')
  expect(codeOf(answer.error)).toBe(code as 'internal')
  expect(answer.text).toBe(text)
  expect(answer.events.some(({ type }) => type === 'finish')).toBe(false)
})

test('429 says when to come back, as seconds or as a date', async () => {
  upstream.play({ status: 429, headers: { 'retry-after': '7' }, body: '' })
  const seconds = findAppError((await ask(llm, 'normal')).error)
  expect([seconds?.code, seconds?.retryAfterSeconds]).toEqual(['rate_limited', 7])
  const date = new Date(Date.now() + 3600_000).toUTCString()
  upstream.play({ status: 429, headers: { 'retry-after': date }, body: '' })
  const later = findAppError((await ask(llm, 'normal')).error)?.retryAfterSeconds ?? 0
  expect(later).toBeGreaterThan(3000)
  expect(later).toBeLessThanOrEqual(3600)
  upstream.play({ status: 429, body: '' })
  expect(findAppError((await ask(llm, 'normal')).error)?.retryAfterSeconds).toBeUndefined()
})

test('nobody there is unavailable', async () => {
  const gone = startUpstream()
  await gone.stop()
  const { llm } = startLlm(gone.url)
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_unavailable')
})

test('a redirect is refused, and the key does not follow it', async () => {
  const elsewhere = startUpstream()
  const location = `${elsewhere.url}/chat/completions`
  for (const status of [301, 307]) {
    upstream.play({ status, headers: { location }, body: '' })
    expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_rejected')
  }
  expect(elsewhere.requests).toHaveLength(0)
  await elsewhere.stop()
})

test('an endless error body is read no further than needed', async () => {
  upstream.play({ status: 400, raw: Array.from({ length: 50 }, () => 'x'.repeat(1000)), end: 'hang' })
  upstream.play({ status: 400, raw: Array.from({ length: 50 }, () => 'x'.repeat(1000)), end: 'hang' })
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_rejected')
  expect(await upstream.requests[0]?.closed).toBe('left')
})
