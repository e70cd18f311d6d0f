import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'

const app = await startApp(embeddedStack)
afterAll(() => app[Symbol.asyncDispose]())

describe('GET /auth/healthz', () => {
  test('shows three booleans, all true; without a Redis nothing is missing', async () => {
    const response = await fetch(`${app.url}/auth/healthz`)
    expect([response.status, await response.json()]).toEqual([200, { ok: true, redis: true, db: true }])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('GET /test', () => {
  test('is another answer each time, which a proxy may keep', async () => {
    const ask = async () => {
      const response = await fetch(`${app.url}/test`)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBeNull()
      expect(response.headers.getSetCookie()).toEqual([])
      return (await response.json()) as { timestamp: number; request_id: string }
    }
    const [first, second] = [await ask(), await ask()]
    expect(first.timestamp).toBeCloseTo(Date.now() / 1000, -2)
    expect(first.request_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(second.request_id).not.toBe(first.request_id)
  })
})

describe('the prefix /cloudchat', () => {
  const requests: [method: string, path: string, status: number][] = [
    ['POST', '/auth/register', 400],
    ['POST', '/auth/login', 400],
    ['POST', '/auth/logout', 200],
    ['GET', '/auth/me', 401],
    ['POST', '/auth/password/forgot', 200],
    ['POST', '/auth/password/reset', 400],
    ['GET', '/auth/healthz', 200],
    ['POST', '/deepseek_chat', 400],
    ['POST', '/chat', 400],
    ['POST', '/reset_chat', 200],
    ['GET', '/chat_history', 200],
    ['GET', '/test', 200],
  ]
  test.each(requests)('changes nothing for %s %s', async (method, path, status) => {
    const [plain, prefixed] = await Promise.all(
      ['', '/cloudchat'].map((prefix) => fetch(app.url + prefix + path, { method })),
    )
    expect([plain?.status, prefixed?.status]).toEqual([status, status])
    const [first, second] = (await Promise.all([plain?.json(), prefixed?.json()])) as object[]
    if (path !== '/test') expect(second).toEqual(first ?? {})
  })

  test('shares accounts and conversations with the paths without it', async () => {
    const visitor = app.visitor()
    await (await visitor.post('/cloudchat/deepseek_chat', { message: 'hello' })).text()
    const { messages } = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    expect(messages).toHaveLength(2)
  })

  test('refusals have the same shape where no route is', async () => {
    for (const prefix of ['', '/cloudchat']) {
      const auth = await fetch(`${app.url}${prefix}/auth/nothing`)
      expect([auth.status, await auth.json()]).toEqual([404, { ok: false, error: expect.any(String) }])
      const chat = await fetch(`${app.url}${prefix}/deepseek_chat`)
      expect([chat.status, await chat.json()]).toEqual([404, { error: expect.any(String) }])
    }
  })
})
