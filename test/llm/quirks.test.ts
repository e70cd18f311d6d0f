import { afterAll, beforeEach, expect, test } from 'bun:test'
import { findAppError } from '../../src/errors.ts'
import { createQuirks } from '../../src/llm/quirks.ts'
import { type ScriptChoice, startUpstream } from '../support/upstream.ts'
import { ask, hello, startLlm } from './ask.ts'

const upstream = startUpstream()

beforeEach(() => upstream.reset())
afterAll(() => upstream.stop())

const refusal = (message: string, status = 400) => ({
  status,
  body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }),
})
const prompt = { ...hello, temperature: 0.7, topP: 0.8, maxTokens: 100 }

/** Refuses questions that have a field. */
const refusing =
  (field: string, message: string, status = 400): ScriptChoice =>
  (body) =>
    field in body ? refusal(message, status) : {}

test.each([
  ['stream_options', 'Unrecognized request argument supplied: stream_options', 400],
  ['stream_options', '[{"loc":["body","stream_options"],"msg":"extra fields not permitted"}]', 422],
  ['stream_options', 'Bad request', 400],
  [
    'max_tokens',
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    400,
  ],
  ['temperature', "Unsupported value: 'temperature' does not support 0.7 with this model.", 400],
  ['top_p', '`temperature` and `top_p` cannot both be specified for this model.', 400],
])('a server that refuses %s (%s) is asked without it, once and for all', async (field, message, status) => {
  const { llm } = startLlm(upstream.url)
  const strict = refusing(field, message, status)
  upstream.play(strict, strict)
  expect((await ask(llm, 'normal', { prompt })).error).toBeNull()
  expect(upstream.requests.map(({ body }) => field in body)).toEqual([true, false])
  upstream.play(strict)
  expect((await ask(llm, 'normal', { prompt })).error).toBeNull()
  expect(upstream.requests.map(({ body }) => field in body)).toEqual([true, false, false])
  expect(upstream.requests[2]?.body).toMatchObject(
    field === 'max_tokens' ? { max_completion_tokens: 100 } : { max_tokens: 100 },
  )
})

test('several refusals in a row are met one after the other', async () => {
  const { llm } = startLlm(upstream.url)
  upstream.play(
    refusing('max_tokens', "Use 'max_completion_tokens' instead."),
    refusing('temperature', 'temperature: only the default (1) value is supported'),
    {},
  )
  expect((await ask(llm, 'normal', { prompt })).error).toBeNull()
  expect(upstream.requests[2]?.body).toMatchObject({ max_completion_tokens: 100, top_p: 0.8 })
  expect(upstream.requests[2]?.body).not.toHaveProperty('temperature')
})

test.each(['temperature', 'stream_options'])(
  'a model’s refusal of %s is nothing to another, and asked about again when the offer has changed',
  async (field) => {
    const { llm } = startLlm(upstream.url)
    upstream.play(refusing(field, `${field} is not supported`), {})
    await ask(llm, 'normal', { prompt })
    await ask(llm, 'chinese', { prompt })
    expect(upstream.requests.map(({ body }) => field in body)).toEqual([true, false, true])
    llm.configure({ accesses: [], models: [], defaultModel: null })
    await ask(llm, 'normal', { prompt })
    expect(upstream.requests[3]?.body).toHaveProperty(field)
  },
)

test('a refusal of stream_options holds for an hour, however often the model is asked', () => {
  let now = 0
  const quirks = createQuirks(() => now)
  const isAskedForUsage = () => !quirks.of('m').has('no-stream-options')
  quirks.remember('m', new Set(['no-stream-options']))
  for (now = 0; now < 3_600_000; now += 600_000) {
    expect(isAskedForUsage()).toBe(false)
    quirks.remember('m', quirks.of('m'))
  }
  expect(isAskedForUsage()).toBe(true)
  quirks.remember('m', new Set())
  now += 3_600_000
  expect(isAskedForUsage()).toBe(true)
})

test('a refusal about something else is not repeated once the provider has answered', async () => {
  const { llm } = startLlm(upstream.url)
  await ask(llm, 'normal')
  upstream.play(refusal('the prompt is too long'))
  expect(findAppError((await ask(llm, 'normal')).error)?.code).toBe('provider_rejected')
  expect(upstream.requests).toHaveLength(2)
})

test('a question that was wrong in itself teaches nothing', async () => {
  const { llm } = startLlm(upstream.url)
  upstream.play(refusal('the prompt is too long'), refusal('the prompt is too long'))
  expect(findAppError((await ask(llm, 'normal')).error)?.code).toBe('provider_rejected')
  await ask(llm, 'normal')
  expect(upstream.requests[2]?.body).toHaveProperty('stream_options')
})
