import { afterAll, beforeEach, expect, test } from 'bun:test'
import type { Config, ProviderConfig } from '../../src/config.ts'
import { findAppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import { startUpstream } from '../support/upstream.ts'
import { ask, hello, startLlm } from './ask.ts'

const upstream = startUpstream()

beforeEach(() => {
  upstream.reset()
  upstream.models = ['first-model', 'second-model']
})
afterAll(() => upstream.stop())

const provider = (name: string, model: string | null = `${name}-model`): ProviderConfig => ({
  name,
  baseUrl: upstream.url,
  apiKeys: [],
  model,
  organization: null,
})

function llmOf(providers: ProviderConfig[], defaultModel: string | null = null) {
  const settings: Config['llm'] = {
    presets: [],
    providers,
    defaultModel,
    models: [],
    contextWindow: 32_768,
    timeoutSeconds: 5,
    idleTimeoutSeconds: 5,
    maxRetries: 0,
  }
  return createLlm(
    settings,
    createLog('trace', () => {}),
  )
}

test('the first provider answers unless the settings name another', () => {
  const both = [provider('deepseek'), provider('openrouter')]
  expect(llmOf(both).defaultModel).toEqual({ provider: 'deepseek', model: 'deepseek-model' })
  expect(llmOf(both, 'openrouter').defaultModel).toEqual({
    provider: 'openrouter',
    model: 'openrouter-model',
  })
  expect(llmOf(both, 'openrouter/qwen/qwen3').defaultModel).toEqual({
    provider: 'openrouter',
    model: 'qwen/qwen3',
  })
  expect(llmOf(both, 'nowhere/x').defaultModel).toEqual({ provider: 'deepseek', model: 'deepseek-model' })
})

test('a provider’s model is known where it is configured, and nowhere else', () => {
  const llm = llmOf([provider('qwen')])
  expect(llm.modelOf('qwen')).toEqual({ provider: 'qwen', model: 'qwen-model' })
  expect(llm.modelOf('deepseek')).toBeNull()
  expect(llm.modelOf('demo')).toBeNull()
})

test('without any provider the demo model answers', () => {
  const llm = llmOf([])
  expect(llm.defaultModel).toEqual({ provider: 'demo', model: 'demo' })
  expect(llm.modelOf('demo')).toEqual({ provider: 'demo', model: 'demo' })
})

test('a provider that is not configured cannot be asked', async () => {
  const llm = llmOf([])
  const { error } = await ask(llm, 'normal')
  expect(findAppError(error)?.code).toBe('invalid_request')
})

test('a provider without a model is asked once for its list, and its first is taken', async () => {
  const { llm } = startLlm(upstream.url, { model: null })
  expect(llm.defaultModel).toEqual({ provider: 'test', model: '' })
  await ask(llm, '')
  await ask(llm, '')
  expect(upstream.requests.map(({ path }) => path)).toEqual([
    '/v1/models',
    '/v1/chat/completions',
    '/v1/chat/completions',
  ])
  expect(upstream.requests[1]?.body.model).toBe('first-model')
  expect(llm.defaultModel).toEqual({ provider: 'test', model: 'first-model' })
})

test('a list that could not be had is asked for again', async () => {
  const { llm } = startLlm(upstream.url, { model: null, timeoutSeconds: 0.2 })
  const codes = []
  const page = { headers: { 'content-type': 'text/html' }, body: '<html>' }
  for (const models of [{ status: 500, body: '' }, [], page, { hang: true }]) {
    upstream.models = models
    codes.push(findAppError((await ask(llm, '')).error)?.code)
  }
  expect(codes).toEqual([
    'provider_unavailable',
    'provider_rejected',
    'provider_rejected',
    'provider_timeout',
  ])
  upstream.models = ['back']
  expect((await ask(llm, '')).error).toBeNull()
  expect(llm.modelOf('test')?.model).toBe('back')
})

test('a named model needs no list', async () => {
  const { llm } = startLlm(upstream.url, { model: null })
  await ask(llm, 'chinese')
  expect(upstream.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions'])
})

test('a provider without a key is asked without one', async () => {
  const llm = llmOf([provider('ollama')])
  const model = { provider: 'ollama', model: 'normal' }
  for await (const _ of llm.stream(hello, { model, signal: new AbortController().signal }));
  expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization')
})
