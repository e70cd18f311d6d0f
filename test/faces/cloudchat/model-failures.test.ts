import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { openRawRequest } from '../../support/raw-request.ts'
import { embeddedStack } from '../../support/stacks.ts'
import type { Script } from '../../support/upstream-scripts.ts'

const app = await startApp(embeddedStack, {
  LIMIT_CHAT_IP: '0',
  LIMIT_CHAT_TOTAL: '0',
  LLM_MAX_RETRIES: '0',
})
afterAll(() => app[Symbol.asyncDispose]())
const port = Number(new URL(app.url).port)

const history = async (visitor: ReturnType<typeof app.visitor>) =>
  ((await (await visitor.get('/chat_history')).json()) as { messages: object[] }).messages

describe('a model that fails before its first word', () => {
  const failures: [name: string, script: Script][] = [
    ['500', { status: 500, body: 'secret details' }],
    ['401', { status: 401, body: '{"error":{"message":"sk-secret"}}' }],
    ['400', { status: 400, body: '{"error":{"message":"no such model"}}' }],
    ['an error in the stream', { tokens: 0, end: 'error' }],
    ['a cut', { tokens: 0, end: 'cut' }],
    ['an end that is none', { tokens: 0, end: 'bare' }],
    ['HTML', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' }],
  ]
  test.each(failures)('(%s) is 503, and nothing is remembered', async (_name, script) => {
    for (const path of ['/deepseek_chat', '/chat']) {
      app.upstream.reset()
      app.upstream.play(script, script, script, script)
      const visitor = app.visitor()
      const response = await visitor.post(path, { message: 'hello' })
      expect([response.status, await response.json()]).toEqual([503, { error: 'Model is unavailable' }])
      expect(await history(visitor)).toEqual([])
    }
  })

  test('because it has too much to do is 429, with the time to wait', async () => {
    app.upstream.reset()
    app.upstream.play({ status: 429, headers: { 'retry-after': '17' }, body: '{}' })
    const response = await app.visitor().post('/deepseek_chat', { message: 'hello' })
    expect([response.status, await response.json()]).toEqual([429, { error: 'Too many requests' }])
    expect(response.headers.get('retry-after')).toBe('17')
  })

  test('does not keep the visitor from asking again', async () => {
    app.upstream.reset()
    app.upstream.play({ status: 500 }, { text: ['fine'] })
    const visitor = app.visitor()
    await (await visitor.post('/deepseek_chat', { message: 'hello' })).text()
    expect(await visitor.chat('and now?')).toBe('fine')
  })
})

describe('a model that fails after its first word', () => {
  const failures: Script['end'][] = ['cut', 'error', 'bare']
  test.each(failures)('(%s) cuts the connection; what came through is remembered', async (end) => {
    app.upstream.reset()
    app.upstream.play(
      { text: ['one ', 'two'] },
      { text: ['three ', 'four'], delayMs: 10, ...(end ? { end } : {}) },
    )
    const visitor = app.visitor()
    await visitor.chat('first')
    const request = openRawRequest(port, {
      method: 'POST',
      path: '/deepseek_chat',
      headers: [
        ['Content-Type', 'application/json'],
        ['Cookie', `cc_app=${visitor.cookies.get('cc_app')}`],
      ],
      body: '{"message":"second"}',
    })
    const { status, body, isComplete } = await request.response
    expect({ status, body, isComplete }).toEqual({
      status: 200,
      body: '{"text": "three "}\n{"text": "four"}\n',
      isComplete: false,
    })
    expect(await history(visitor)).toEqual([
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'one two' },
      { role: 'user', content: 'second' },
      { role: 'assistant', content: 'three four' },
    ])
  })
})
