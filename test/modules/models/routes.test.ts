import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'

setDefaultTimeout(60_000)

const plain = {
  prices: null,
  capabilities: { vision: null, reasoning: null, tools: null },
  available: true,
}

describeOnBothStacks('GET /api/v1/models', (start) => {
  test('lists what may be chosen, to whoever is logged in; a provider that is down does not hold it up', async () => {
    await using app = await start({
      OLLAMA_BASE_URL: 'http://127.0.0.1:1/v1',
      MODELS: 'deepseek/new:9000:100',
    })
    const visitor = app.visitor()
    const refused = await visitor.get('/api/v1/models')
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      401,
      'unauthenticated',
    ])

    await visitor.post('/api/v1/auth/register', {
      email: 'ann@example.com',
      password: 'vexing-7 quince',
      session: 'cookie',
    })
    const response = await visitor.get('/api/v1/models')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      items: [
        {
          id: 'deepseek/deepseek-chat',
          provider: 'deepseek',
          name: 'deepseek-chat',
          context_window: 131_072,
          max_output_tokens: 8192,
          ...plain,
          default: true,
        },
        {
          id: 'ollama',
          provider: 'ollama',
          name: 'ollama',
          context_window: 32_768,
          max_output_tokens: 4096,
          ...plain,
          default: false,
        },
        {
          id: 'deepseek/new',
          provider: 'deepseek',
          name: 'new',
          context_window: 9000,
          max_output_tokens: 100,
          ...plain,
          default: false,
        },
      ],
      next_cursor: null,
    })
    expect(app.upstream.requests).toEqual([])
  })
})
