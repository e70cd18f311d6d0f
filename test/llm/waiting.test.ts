import { afterAll, beforeEach, expect, spyOn, test } from 'bun:test'
import { findAppError } from '../../src/errors.ts'
import { startUpstream } from '../support/upstream.ts'
import type { Script } from '../support/upstream-scripts.ts'
import { ask, hello, startLlm, until } from './ask.ts'

const upstream = startUpstream()

beforeEach(() => upstream.reset())
afterAll(() => upstream.stop())

const codeOf = (error: unknown) => findAppError(error)?.code
const soon: Record<string, string> = { 'retry-after-ms': '1' }
const failing = (status: number): Script => ({ status, headers: soon, body: '' })

test.each([429, 500, 503, 408])('%i is tried again before the first byte', async (status) => {
  const { llm } = startLlm(upstream.url, { maxRetries: 2 })
  upstream.play(failing(status), failing(status), {})
  const { error, text } = await ask(llm, 'normal')
  expect(error).toBeNull()
  expect(text).toStartWith('word0 ')
  expect(upstream.requests).toHaveLength(3)
})

test('it is tried no more often than the settings say', async () => {
  const { llm } = startLlm(upstream.url, { maxRetries: 1 })
  upstream.play(failing(500), failing(500), {})
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_unavailable')
  expect(upstream.requests).toHaveLength(2)
})

test.each([401, 403, 404])('%i is not tried again', async (status) => {
  const { llm } = startLlm(upstream.url, { maxRetries: 2 })
  upstream.play(failing(status))
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_rejected')
  expect(upstream.requests).toHaveLength(1)
})

test('an answer that has begun is never asked for again', async () => {
  const { llm } = startLlm(upstream.url, { maxRetries: 2 })
  upstream.play({ text: ['a'], end: 'cut' })
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_unavailable')
  expect(upstream.requests).toHaveLength(1)
})

test('a provider that wants a long wait is not waited for: the person hears it', async () => {
  const { llm } = startLlm(upstream.url, { maxRetries: 2 })
  upstream.play({ status: 429, headers: { 'retry-after': '30' }, body: '' })
  const error = findAppError((await ask(llm, 'normal')).error)
  expect([error?.code, error?.retryAfterSeconds]).toEqual(['rate_limited', 30])
  expect(upstream.requests).toHaveLength(1)
})

test('a provider that never answers ends as a timeout, tries included', async () => {
  const { llm } = startLlm(upstream.url, { timeoutSeconds: 0.2, maxRetries: 5 })
  upstream.play({ status: 500, body: '' }, { hang: true })
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_timeout')
  // The pause before a second try is longer than the whole time.
  expect(upstream.requests).toHaveLength(1)
  upstream.reset()
  upstream.play({ hang: true })
  expect(codeOf((await ask(llm, 'normal')).error)).toBe('provider_timeout')
  expect(await upstream.requests[0]?.closed).toBe('left')
})

test.each([
  ['before the first token', [': queued\n\n']],
  ['in mid-stream', [': queued\n\n', 'data: {"choices":[{"delta":{"content":"ok"}}]}\n\n']],
])('silence %s ends as a timeout and closes the connection', async (_, raw) => {
  const { llm } = startLlm(upstream.url, { timeoutSeconds: 0.3, idleTimeoutSeconds: 0.1 })
  upstream.play({ raw, end: 'hang' })
  const { error, text } = await ask(llm, 'normal')
  expect(codeOf(error)).toBe('provider_timeout')
  expect(text).toBe(raw.length === 1 ? '' : 'ok')
  expect(await upstream.requests[0]?.closed).toBe('left')
})

test('the first word may come later than any other', async () => {
  const { llm } = startLlm(upstream.url, { timeoutSeconds: 5, idleTimeoutSeconds: 0.1 })
  const answer = 'data: {"choices":[{"delta":{"content":"late"}}]}\n\ndata: [DONE]\n\n'
  upstream.play({ raw: [': queued\n\n', answer], delayMs: 400 })
  const { error, text } = await ask(llm, 'normal')
  expect(error).toBeNull()
  expect(text).toBe('late')
})

test('how long it may be silent is said by the settings alone, not by the runtime, which says five minutes', async () => {
  const { llm } = startLlm(upstream.url)
  using asking = spyOn(globalThis, 'fetch')
  expect((await ask(llm, 'normal')).error).toBeNull()
  expect(asking.mock.calls.map(([, init]) => init)).toMatchObject([{ timeout: false }])
})

test('a slow reader is not taken for a silent provider', async () => {
  const { llm } = startLlm(upstream.url, { idleTimeoutSeconds: 0.1 })
  upstream.play({ text: ['a', 'b', 'c'], delayMs: 10 })
  const { error, text } = await ask(llm, 'normal', { onBatch: () => Bun.sleep(150) })
  expect(error).toBeNull()
  expect(text).toBe('abc')
})

test('the time for the headers does not cut a long answer', async () => {
  const { llm } = startLlm(upstream.url, { timeoutSeconds: 0.2 })
  upstream.play({ text: ['a', 'b', 'c', 'd'], delayMs: 100 })
  const { error, text } = await ask(llm, 'normal')
  expect(error).toBeNull()
  expect(text).toBe('abcd')
})

test('the signal in mid-stream ends the loop and closes the provider’s connection', async () => {
  const { llm } = startLlm(upstream.url)
  const stop = new AbortController()
  let heard = ''
  const { error, text } = await ask(llm, 'tokens-100000-5', {
    signal: stop.signal,
    onBatch: async (texts) => {
      heard += texts.join('')
      if (heard.includes('word2 ')) stop.abort()
    },
  })
  expect(error).toBeNull()
  expect(text).toStartWith('word0 word1 word2 ')
  // One read may have brought some words more; after the signal none came.
  expect(text.split(' ').length).toBeLessThan(1000)
  expect(await upstream.requests[0]?.closed).toBe('left')
})

test('the signal while nothing comes does so too', async () => {
  const { llm } = startLlm(upstream.url)
  const stop = new AbortController()
  const answer = ask(llm, 'hang-stream', {
    signal: stop.signal,
    onBatch: async () => void setTimeout(() => stop.abort(), 20),
  })
  expect((await answer).error).toBeNull()
  expect(await upstream.requests[0]?.closed).toBe('left')
})

test('the signal before the headers does so too', async () => {
  const { llm } = startLlm(upstream.url, { maxRetries: 2 })
  const stop = new AbortController()
  const answer = ask(llm, 'hang-headers', { signal: stop.signal })
  await until(() => upstream.requests.length === 1)
  stop.abort()
  expect(await answer).toEqual({ text: '', reasoning: '', events: [], error: null })
  expect(await upstream.requests[0]?.closed).toBe('left')
  expect(upstream.requests).toHaveLength(1)
})

test('the signal between two tries ends the trying', async () => {
  const { llm } = startLlm(upstream.url, { maxRetries: 2 })
  upstream.play({ status: 503, headers: { 'retry-after': '4' }, body: '' })
  const stop = new AbortController()
  const answer = ask(llm, 'normal', { signal: stop.signal })
  await until(() => upstream.requests[0]?.state === 'ended')
  stop.abort()
  expect((await answer).error).toBeNull()
  expect(upstream.requests).toHaveLength(1)
})

test('a signal that came first asks nobody', async () => {
  const { llm } = startLlm(upstream.url)
  expect(await ask(llm, 'normal', { signal: AbortSignal.abort() })).toEqual({
    text: '',
    reasoning: '',
    events: [],
    error: null,
  })
  expect(upstream.requests).toHaveLength(0)
})

test('leaving the loop closes the provider’s connection', async () => {
  const { llm } = startLlm(upstream.url)
  const model = { provider: 'test', model: 'tokens-100000-5' }
  for await (const batch of llm.stream(hello, { model, signal: new AbortController().signal })) {
    expect(batch.length).toBeGreaterThan(0)
    break
  }
  expect(await upstream.requests[0]?.closed).toBe('left')
})

test('many stops leave nothing open', async () => {
  const { llm } = startLlm(upstream.url)
  await Promise.all(
    Array.from({ length: 50 }, () => {
      const stop = new AbortController()
      return ask(llm, 'tokens-100000-5', { signal: stop.signal, onBatch: async () => stop.abort() })
    }),
  )
  await Promise.all(upstream.requests.map(({ closed }) => closed))
  expect(upstream.requests).toHaveLength(50)
  expect(upstream.open).toBe(0)
})
