import { describe, expect, test } from 'bun:test'
import { faultsOf, load } from './load.ts'

const env = { OPENAI_API_KEY: 'k', OLLAMA_BASE_URL: 'http://h' }
const modelOf = (MODELS: string) => load({ ...env, MODELS }).llm.models

test('none are needed', () => {
  expect(load().llm).toEqual({
    presets: expect.any(Array),
    providers: [],
    defaultModel: null,
    models: [],
    contextWindow: 32_768,
    timeoutSeconds: 320,
    idleTimeoutSeconds: 120,
    maxRetries: 1,
  })
  expect(load({ ...env, MODEL_CONTEXT_WINDOW: '8192' }).llm.contextWindow).toBe(8192)
})

describe('MODELS', () => {
  test.each([
    ['openai/gpt-4o', 'gpt-4o', null, null],
    ['openai/gpt-4o:131072', 'gpt-4o', 131_072, null],
    ['openai/gpt-4o:131072:8192', 'gpt-4o', 131_072, 8192],
    ['openai/org/some-model:16384:16384', 'org/some-model', 16_384, 16_384],
  ])('%s', (text, model, contextWindow, maxOutputTokens) => {
    expect(modelOf(text)).toEqual([{ provider: 'openai', model, contextWindow, maxOutputTokens }])
  })

  test('names may have colons', () => {
    expect(modelOf('ollama/qwen3:8b, ollama/qwen3:8b-q4:8192:2048').map(({ model }) => model)).toEqual([
      'qwen3:8b',
      'qwen3:8b-q4',
    ])
  })

  test.each([
    'gpt-4o',
    'openai/',
    '/gpt-4o',
    'openai/gpt-4o:',
    'openai/:8192',
    'openai/x:10',
    'openai/x:8192:0',
    'openai/x:8192:8193',
    'openai/x:9999999999',
    'openai/two words',
  ])('%s is refused', (MODELS) => {
    expect(faultsOf({ ...env, MODELS })).toEqual([
      `MODELS: expected a comma-separated list, each provider/model or provider/model:context:answer in tokens, such as qwen/qwen-plus:131072:8192, not ${JSON.stringify(MODELS)}`,
    ])
  })

  test('of a provider that is not there is refused', () => {
    expect(faultsOf({ ...env, MODELS: 'openai/gpt-4o,qwen/qwen-plus' })).toEqual([
      'MODELS: expected each with a provider, one of openai, ollama, not "qwen/qwen-plus"',
    ])
    expect(faultsOf({ MODELS: 'openai/gpt-4o' })).toEqual([
      'MODELS: expected each with a provider, one of demo, not "openai/gpt-4o"',
    ])
  })

  test('twice the same is refused', () => {
    expect(faultsOf({ ...env, MODELS: 'openai/a,ollama/a,openai/a:4096' })).toEqual([
      'MODELS: expected each model once, not "openai/a" again',
    ])
  })
})
