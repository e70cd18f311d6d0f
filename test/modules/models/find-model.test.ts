import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { AppError } from '../../../src/errors.ts'
import { createLog } from '../../../src/lib/log.ts'
import { createLlm } from '../../../src/llm/create-llm.ts'
import { checkParameters, findModel, listModels } from '../../../src/modules/models/find-model.ts'
import { load } from '../../config/load.ts'
import { startUpstream } from '../../support/upstream.ts'

const upstream = startUpstream()
afterAll(() => upstream.stop())
beforeEach(() => upstream.reset())

const providers = { DEEPSEEK_API_KEY: 'k', OPENAI_API_KEY: 'k', OLLAMA_BASE_URL: upstream.url }

function depsOf(env: Record<string, string>) {
  return { llm: createLlm(load(env).llm, createLog('silent')) }
}

function idsOf(env: Record<string, string>) {
  return listModels(depsOf(env)).map(({ id }) => id)
}

describe('the models', () => {
  test('are each provider’s own, and those of the settings', () => {
    expect(idsOf({ ...providers, MODELS: 'openai/gpt-4o,deepseek/deepseek-reasoner' })).toEqual([
      'deepseek/deepseek-chat',
      'openai/gpt-4.1-mini',
      'ollama',
      'openai/gpt-4o',
      'deepseek/deepseek-reasoner',
    ])
    expect(idsOf({})).toEqual(['demo/demo'])
  })

  test('begin with the default, which need not be named again', () => {
    expect(idsOf({ ...providers, DEFAULT_MODEL: 'openai' })[0]).toBe('openai/gpt-4.1-mini')
    expect(idsOf({ ...providers, DEFAULT_MODEL: 'ollama' })).toEqual([
      'ollama',
      'deepseek/deepseek-chat',
      'openai/gpt-4.1-mini',
    ])
    const named = { ...providers, DEFAULT_MODEL: 'openai/gpt-4o', MODELS: 'openai/gpt-4o:9000' }
    const [first, ...rest] = listModels(depsOf(named))
    expect(first).toMatchObject({ id: 'openai/gpt-4o', contextWindow: 9000 })
    expect(rest.map(({ id }) => id)).toEqual(['deepseek/deepseek-chat', 'openai/gpt-4.1-mini', 'ollama'])
  })

  test('know what they take', () => {
    const models = listModels(
      depsOf({
        ...providers,
        MODELS: 'openai/new,deepseek/deepseek-chat:65536:4096',
        MODEL_CONTEXT_WINDOW: '16384',
      }),
    )
    expect(
      models.map(({ id, contextWindow, maxOutputTokens }) => [id, contextWindow, maxOutputTokens]),
    ).toEqual([
      ['deepseek/deepseek-chat', 65_536, 4096],
      ['openai/gpt-4.1-mini', 1_047_576, 32_768],
      ['ollama', 16_384, 4096],
      ['openai/new', 16_384, 4096],
    ])
  })
})

describe('a model is found', () => {
  const deps = depsOf({
    DEEPSEEK_API_KEY: 'k',
    HUGGINGFACE_API_KEY: 'k',
    OPENAI_API_KEY: 'k',
    MODELS: 'huggingface/shared,openai/shared,openai/gpt-oss',
  })

  test.each([
    [null, 'deepseek/deepseek-chat'],
    ['deepseek', 'deepseek/deepseek-chat'],
    ['deepseek-chat', 'deepseek/deepseek-chat'],
    ['openai', 'openai/gpt-4.1-mini'],
    ['openai/gpt-oss', 'openai/gpt-oss'],
    ['gpt-oss', 'openai/gpt-oss'],
    ['openai/gpt-oss-120b', 'huggingface/openai/gpt-oss-120b'],
    ['huggingface/openai/gpt-oss-120b', 'huggingface/openai/gpt-oss-120b'],
    ['openai/shared', 'openai/shared'],
  ])('as %p', (wanted, id) => {
    expect(findModel(deps, wanted)).toMatchObject({ id })
  })

  test.each([
    'shared',
    '',
    '/',
    'deepseek/',
    '/deepseek-chat',
    'deepseek/other',
    'gpt',
    'demo',
    'DEEPSEEK',
    'constructor',
  ])('not as %p', (wanted) => {
    expect(refusalOf(() => findModel(deps, wanted))).toMatchObject({
      code: 'invalid_request',
      faults: [{ path: 'model', message: 'No such model' }],
    })
  })
})

describe('a provider whose model nobody has named', () => {
  test('is found by its name, before its first answer and after it', async () => {
    const deps = depsOf({ OLLAMA_BASE_URL: upstream.url })
    const before = findModel(deps, null)
    expect(before).toMatchObject({ id: 'ollama', name: 'ollama', ref: { provider: 'ollama', model: '' } })
    const { signal } = new AbortController()
    const prompt = { messages: [{ role: 'user' as const, content: 'hello' }] }
    for await (const _ of deps.llm.stream(prompt, { model: before.ref, signal }));
    expect(upstream.requests.at(-1)?.body.model).toBe('first-model')

    const after = { ...before, name: 'first-model' }
    for (const wanted of [null, 'ollama', 'first-model', 'ollama/first-model']) {
      expect(findModel(deps, wanted)).toEqual(after)
    }
    expect(listModels(deps)).toEqual([after])
  })
})

describe('parameters', () => {
  test('are not held to a length that is our guess', () => {
    const own = findModel(depsOf({ OPENAI_API_KEY: 'k', MODELS: 'openai/llama3:8b:16384' }), 'llama3:8b')
    expect(own.maxOutputTokens).toBe(4096)
    expect(refusalOf(() => checkParameters(own, { max_tokens: 8000 }))).toBeNull()
    expect(refusalOf(() => checkParameters(own, { max_tokens: 16_385 }))).not.toBeNull()
  })

  const model = findModel(depsOf({ OPENAI_API_KEY: 'k', MODELS: 'openai/m:8192:1000' }), 'm')
  const pathsOf = (parameters: Parameters<typeof checkParameters>[1]) => {
    const refusal = refusalOf(() => checkParameters(model, parameters))
    return refusal === null ? [] : (refusal.faults ?? []).map(({ path }) => path)
  }

  test.each([
    {},
    { temperature: 0, top_p: 0, max_tokens: 1 },
    { temperature: 2, top_p: 1, max_tokens: 1000 },
  ])('%j will do', (parameters) => {
    expect(pathsOf(parameters)).toEqual([])
  })

  test('beyond what the model can do are refused, all of them at once', () => {
    expect(pathsOf({ max_tokens: 1001 })).toEqual(['max_tokens'])
    expect(pathsOf({ max_tokens: 0 })).toEqual(['max_tokens'])
    expect(pathsOf({ max_tokens: 1.5 })).toEqual(['max_tokens'])
    expect(pathsOf({ temperature: 2.1, top_p: -0.1, max_tokens: Number.NaN })).toEqual([
      'temperature',
      'top_p',
      'max_tokens',
    ])
  })
})

function refusalOf(act: () => unknown): AppError | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
