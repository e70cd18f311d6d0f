import { describe, expect, test } from 'bun:test'
import { faultsOf, load } from './load.ts'

const unset = { apiKeys: [], model: null, organization: null }

describe('a key makes a provider available', () => {
  test.each([
    ['DEEPSEEK_API_KEY', 'deepseek', 'https://api.deepseek.com/v1', 'deepseek-chat'],
    [
      'DASHSCOPE_API_KEY',
      'qwen',
      'https://dashscope.aliyuncs.com/compatible-mode/v1',
      'qwen-turbo-2025-04-28',
    ],
    ['OPENAI_API_KEY', 'openai', 'https://api.openai.com/v1', 'gpt-4.1-mini'],
    ['ANTHROPIC_API_KEY', 'anthropic', 'https://api.anthropic.com/v1', 'claude-sonnet-4-6'],
    ['COHERE_API_KEY', 'cohere', 'https://api.cohere.ai/compatibility/v1', 'command-a-03-2025'],
    ['HUGGINGFACE_API_KEY', 'huggingface', 'https://router.huggingface.co/v1', 'openai/gpt-oss-120b'],
  ])('%s', (variable, name, baseUrl, model) => {
    expect(load({ [variable]: 'k' }).llm.providers).toEqual([
      { name, baseUrl, apiKeys: ['k'], model, organization: null },
    ])
  })

  test('with the model, organization and time limit that are given', () => {
    const { llm, warnings } = load({
      OPENAI_API_KEY: 'k',
      OPENAI_ORG_ID: 'org-1',
      OPENAI_DEFAULT_MODEL: 'gpt-4',
      DEEPSEEK_API_KEY: 'd',
      DEEPSEEK_TIMEOUT_SECONDS: '60',
    })
    expect(llm.providers).toMatchObject([
      { name: 'deepseek', timeoutSeconds: 60 },
      { name: 'openai', organization: 'org-1', model: 'gpt-4' },
    ])
    expect(llm.providers[1]).not.toHaveProperty('timeoutSeconds')
    expect([llm.timeoutSeconds, warnings]).toEqual([320, []])
  })
})

describe('an address makes a provider available', () => {
  test('under any name, without a key', () => {
    const { llm, warnings } = load({
      VLLM_BASE_URL: 'http://gpu:8000/v1/',
      VLLM_MODEL: 'Qwen/Qwen3-8B',
      MY_GPU_BASE_URL: 'https://gpu.example.com/openai/v1',
      MY_GPU_API_KEY: 'k',
      OLLAMA_BASE_URL: 'http://localhost:11434',
    })
    expect(llm.providers).toEqual([
      { ...unset, name: 'my_gpu', baseUrl: 'https://gpu.example.com/openai/v1', apiKeys: ['k'] },
      { ...unset, name: 'ollama', baseUrl: 'http://localhost:11434/v1' },
      { ...unset, name: 'vllm', baseUrl: 'http://gpu:8000/v1', model: 'Qwen/Qwen3-8B' },
    ])
    expect(warnings).toEqual([])
  })

  test('as OPENAI_BASE_URL, where OpenAI’s model is not to be found', () => {
    expect(load({ OPENAI_BASE_URL: 'http://localhost:8080' }).llm.providers).toEqual([
      { ...unset, name: 'openai', baseUrl: 'http://localhost:8080/v1' },
    ])
  })

  test('as another address of DeepSeek, which keeps its model', () => {
    expect(
      load({ DEEPSEEK_BASE_URL: 'http://127.0.0.1:9/v1', DEEPSEEK_API_KEY: 'k' }).llm.providers,
    ).toMatchObject([{ name: 'deepseek', baseUrl: 'http://127.0.0.1:9/v1', model: 'deepseek-chat' }])
  })

  test('but not when it is the usual one and lacks its key', () => {
    expect(load({ DEEPSEEK_BASE_URL: 'https://api.deepseek.com/v1' })).toMatchObject({
      llm: { providers: [] },
      warnings: ['DEEPSEEK_BASE_URL has no effect without DEEPSEEK_API_KEY'],
    })
  })

  test.each(['API', 'PUBLIC', 'NEXT_PUBLIC', 'VITE_API', 'SITE', 'MY_APP', 'FRONT_END', 'WEB'])(
    'but not as %s_BASE_URL, which is some page’s',
    (name) => {
      expect(load({ [`${name}_BASE_URL`]: '/api' })).toMatchObject({
        llm: { providers: [] },
        warnings: [
          name === 'FRONT_END'
            ? 'FRONT_END_BASE_URL is not known: FRONTEND_BASE_URL was meant?'
            : `${name}_BASE_URL has no effect: taken for the address of a page or API, not of a model provider; see FRONTEND_BASE_URL`,
        ],
      })
    },
  )

  test.each(['FRONTEND', 'API', 'APP_SERVER_API', 'SERVER', 'NEXT_PUBLIC'])(
    '%s_BASE_URL is none',
    (prefix) => {
      expect(load({ [`${prefix}_BASE_URL`]: 'https://chat.example.com' }).llm.providers).toEqual([])
    },
  )

  test('a model server may be called one', () => {
    const { providers } = load({ LLAMA_SERVER_BASE_URL: 'http://localhost:8080' }).llm
    expect(providers.map(({ name }) => name)).toEqual(['llama_server'])
  })

  test.each([
    ['localhost:11434', 'an address such as http://localhost:11434/v1'],
    ['http://h/v1?x=1', 'an address such as http://localhost:11434/v1'],
    ['http://h/v1/chat/completions', 'the address without /chat/completions'],
  ])('%s is refused', (text, expected) => {
    expect(faultsOf({ OLLAMA_BASE_URL: text })[0]).toStartWith(`OLLAMA_BASE_URL: expected ${expected}, not "`)
  })

  test('a key that would travel the internet unencrypted is worth a warning', () => {
    const warnings = (url: string) => load({ X_BASE_URL: url, X_API_KEY: 'k' }).warnings
    expect(warnings('http://api.example.com/v1')).toEqual([
      'X_BASE_URL: X_API_KEY is sent there without encryption; use https',
    ])
    for (const near of [
      'localhost:1',
      '127.0.0.1',
      '10.1.2.3',
      '172.20.0.1',
      'vllm',
      '[::1]:1',
      'gpu.internal',
    ]) {
      expect(warnings(`http://${near}/v1`)).toEqual([])
    }
  })
})

test('providers are preferred in one order, wherever the environment has them', () => {
  const names = ['AAA', 'HUGGINGFACE', 'COHERE', 'ANTHROPIC', 'OPENAI', 'DASHSCOPE', 'DEEPSEEK']
  const env = Object.fromEntries(
    names.flatMap((n) => [
      [`${n}_API_KEY`, 'k'],
      [`${n}_BASE_URL`, 'http://h/v1'],
    ]),
  )
  expect(load(env).llm.providers.map(({ name }) => name)).toEqual([
    'deepseek',
    'qwen',
    'openai',
    'anthropic',
    'cohere',
    'huggingface',
    'aaa',
  ])
})

describe('DEFAULT_MODEL', () => {
  const env = { OPENAI_API_KEY: 'k', OLLAMA_BASE_URL: 'http://h' }

  test.each(['openai', 'ollama/qwen3:8b', 'openai/org/model'])('%s', (DEFAULT_MODEL) => {
    expect(load({ ...env, DEFAULT_MODEL }).llm.defaultModel).toBe(DEFAULT_MODEL)
  })

  test.each(['deepseek', 'gpt-4', 'demo', 'openai/', '/x'])('%s is refused', (DEFAULT_MODEL) => {
    expect(faultsOf({ ...env, DEFAULT_MODEL })).toEqual([
      `DEFAULT_MODEL: expected provider or provider/model, the provider one of openai, ollama, not "${DEFAULT_MODEL}"`,
    ])
  })
})

describe('several keys of a provider', () => {
  test('in one variable, and in numbered ones, in the order of their numbers, each once', () => {
    const { llm, warnings } = load({
      DEEPSEEK_API_KEY: 'a, b',
      DEEPSEEK_API_KEY_10: 'e',
      DEEPSEEK_API_KEY_2: 'c,a',
      QWEN_API_KEY: 'q',
      QWEN_API_KEY_3: 'r',
      MY_GPU_BASE_URL: 'https://gpu.example.com/v1',
      MY_GPU_API_KEY_2: 'k',
    })
    expect(llm.providers.map(({ name, apiKeys }) => [name, apiKeys])).toEqual([
      ['deepseek', ['a', 'b', 'c', 'e']],
      ['qwen', ['q', 'r']],
      ['my_gpu', ['k']],
    ])
    expect(warnings).toEqual([])
  })

  test('are refused like one, without showing any', () => {
    expect(faultsOf({ OPENAI_API_KEY: 'fine', OPENAI_API_KEY_2: 'se cret' })).toEqual([
      'OPENAI_API_KEY_2: expected visible ASCII characters, no blanks; several are separated by commas',
    ])
  })
})
