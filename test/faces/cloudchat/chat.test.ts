import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { startUpstream } from '../../support/upstream.ts'
import { textOf } from '../../support/visitor.ts'
import { malformedBodies, play, type Scenario } from './scenario.ts'

const app = await startApp(embeddedStack, { LIMIT_CHAT_IP: '0', LIMIT_CHAT_TOTAL: '0' })
const qwen = startUpstream()
const other = startUpstream()
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await Promise.all([qwen.stop(), other.stop()])
})

const refused = (error: string) => ({ status: 400, answer: { error } })
const scenarios: Scenario[] = [
  ...malformedBodies('message', false),
  { name: 'nothing', body: {}, ...refused('Message is required') },
  { name: 'a blank message', body: { message: '\n' }, ...refused('Message is required') },
  { name: 'a long message', body: { message: 'x'.repeat(4001) }, ...refused('message is too long') },
]

describe('POST /chat', () => {
  test.each(scenarios)('refuses $name', async (scenario) => {
    await play(`${app.url}/chat`, scenario)
  })

  test('answers each question by itself: no cookie, nothing remembered', async () => {
    app.upstream.play({ text: ['one ', 'two'] })
    const visitor = app.visitor()
    await visitor.chat('known to the other path')
    app.upstream.play({ text: ['one ', 'two'] })
    const response = await visitor.post('/chat', { message: 'hello' })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.getSetCookie()).toEqual([])
    expect(textOf(await response.text())).toBe('one two')
    expect(app.upstream.requests.at(-1)?.body.messages).toEqual([{ role: 'user', content: 'hello' }])
    const { messages } = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    expect(messages).toHaveLength(2)
  })

  test('DEFAULT_MODEL chooses the model of both paths', async () => {
    await using both = await startApp(embeddedStack, {
      OLLAMA_BASE_URL: other.url,
      OLLAMA_MODEL: 'qwen3:8b',
      DEFAULT_MODEL: 'ollama',
    })
    const visitor = both.visitor()
    await visitor.chat('hello')
    await (await visitor.post('/chat', { message: 'hello' })).text()
    expect(other.requests.map(({ body }) => body.model)).toEqual(['qwen3:8b', 'qwen3:8b'])
    expect(both.upstream.requests).toEqual([])
  })

  test('is Qwen where it is configured; the other path stays with DeepSeek', async () => {
    await using both = await startApp(embeddedStack, {
      DASHSCOPE_API_KEY: 'sk-only-for-tests',
      DASHSCOPE_BASE_URL: qwen.url,
      LIMIT_CHAT_IP: '0',
    })
    const visitor = both.visitor()
    await (await visitor.post('/chat', { message: 'hello' })).text()
    await visitor.chat('hello')
    expect(qwen.requests.map(({ body }) => body)).toMatchObject([
      { messages: [{ role: 'user', content: 'hello' }], top_p: 0.8, max_tokens: 2000 },
    ])
    expect(both.upstream.requests).toHaveLength(1)
  })
})
