import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { cookieOf } from './scenario.ts'

const app = await startApp(embeddedStack, { LIMIT_CHAT_IP: '0', LIMIT_CHAT_TOTAL: '0' })
afterAll(() => app[Symbol.asyncDispose]())

const expiry = (response: Response) => new Date(cookieOf(response, 'cc_app')?.expires ?? '').getTime()
const anHourFromNow = () => app.clock.now.getTime() + 3_600_000

describe('GET /chat_history', () => {
  test('shows the conversation of this visitor alone, without the system prompt', async () => {
    const visitor = app.visitor()
    app.upstream.play({ text: ['你', '好'] })
    await visitor.chat('hello')
    const response = await visitor.get('/chat_history')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      messages: [
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: '你好' },
      ],
    })
    expect(response.headers.get('cache-control')).toContain('no-store')
  })

  test('prolongs the session', async () => {
    const visitor = app.visitor()
    await visitor.chat('hello')
    app.clock.advance(60)
    expect(expiry(await visitor.get('/chat_history'))).toBe(anHourFromNow())
  })

  test.each(['', 'x', 'A'.repeat(43)])('is empty for the cookie %j, and creates nothing', async (value) => {
    const headers: Record<string, string> = value === '' ? {} : { cookie: `cc_app=${value}` }
    const response = await fetch(`${app.url}/chat_history`, { headers })
    expect([response.status, await response.json()]).toEqual([200, { messages: [] }])
    expect(response.headers.getSetCookie()).toEqual([])
  })
})

describe('POST /reset_chat', () => {
  const done = { status: 'Reset chat history successfully' }

  test('forgets the conversation, keeps the visitor and prolongs the session', async () => {
    const visitor = app.visitor()
    await visitor.chat('hello')
    const token = visitor.cookies.get('cc_app')
    app.clock.advance(60)
    const response = await visitor.post('/reset_chat')
    expect([response.status, await response.json()]).toEqual([200, done])
    expect(expiry(response)).toBe(anHourFromNow())
    expect(await (await visitor.get('/chat_history')).json()).toEqual({ messages: [] })
    await visitor.chat('hello again')
    expect(visitor.cookies.get('cc_app')).toBe(token)
    expect(app.upstream.requests.at(-1)?.body.messages).toHaveLength(2)
  })

  const bodies: [name: string, init: RequestInit][] = [
    ['none', {}],
    ['junk', { body: '{"', headers: { 'content-type': 'application/json' } }],
    ['a large one', { body: 'x'.repeat(20_000) }],
  ]
  test.each(bodies)('says so to everybody, whatever the body: %s', async (_name, init) => {
    const response = await fetch(`${app.url}/reset_chat`, { method: 'POST', ...init })
    expect([response.status, await response.json()]).toEqual([200, done])
    expect(response.headers.getSetCookie()).toEqual([])
  })
})
