import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { cookieOf } from './scenario.ts'

const password = 'correct horse 1'
const app = await startApp(embeddedStack, {
  LIMIT_REGISTER_IP: '0',
  LIMIT_LOGIN_IP: '0',
})
afterAll(() => app[Symbol.asyncDispose]())

async function member(email: string, more: Record<string, string> = {}) {
  const visitor = app.visitor()
  await visitor.post('/auth/register', { email, password, ...more })
  await visitor.post('/auth/login', { identifier: email, password })
  return visitor
}

describe('GET /auth/me', () => {
  test('tells who is logged in', async () => {
    const visitor = await member('me@example.com', { phone: '+8613900000000', display_name: '小明' })
    const response = await visitor.get('/auth/me')
    const { ok, user } = (await response.json()) as { ok: boolean; user: Record<string, unknown> }
    expect(response.status).toBe(200)
    expect(ok).toBe(true)
    expect(user).toEqual({
      id: expect.any(Number),
      uid: expect.stringMatching(/^[0-9a-f]{12}$/),
      email: 'me@example.com',
      phone: '+8613900000000',
      display_name: '小明',
      is_active: true,
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(response.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test('knows a program by its access token, and lets it log out', async () => {
    const visitor = await member('program@example.com')
    const other = await member('other@example.com')
    const { access_token } = await (
      await app.visitor().post('/api/v1/auth/login', { identifier: 'program@example.com', password })
    ).json()
    const as = (token: string, from = app.visitor(), path = '/auth/me', method = 'GET') =>
      from.fetch(path, { method, headers: { authorization: `Bearer ${token}` } })
    const { user } = await (await as(access_token)).json()
    expect(user.email).toBe('program@example.com')
    // As everywhere: one that was sent counts, and two of different people are none.
    expect((await as('nonsense', visitor)).status).toBe(401)
    expect((await as(access_token, other)).status).toBe(400)
    expect((await as(access_token, app.visitor(), '/auth/logout', 'POST')).status).toBe(200)
    expect((await as(access_token)).status).toBe(401)
    expect((await visitor.get('/auth/me')).status).toBe(200)
  })

  test('has null for what was not given', async () => {
    const visitor = await member('plain@example.com')
    const { user } = (await (await visitor.get('/auth/me')).json()) as { user: Record<string, unknown> }
    expect([user.phone, user.display_name]).toEqual([null, null])
  })

  test.each(['none', 'x', 'a'.repeat(43), '%00'])('refuses the cookie %j', async (value) => {
    const headers: Record<string, string> = value === 'none' ? {} : { cookie: `cc_auth=${value}` }
    const response = await fetch(`${app.url}/auth/me`, { headers })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ ok: false, error: 'Unauthorized' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('a log-in ends a fixed time after it began, however much it is used', async () => {
    const visitor = await member('week@example.com')
    app.clock.advance(604_799)
    expect((await visitor.get('/auth/me')).status).toBe(200)
    app.clock.advance(2)
    expect((await visitor.get('/auth/me')).status).toBe(401)
  })
})

describe('POST /auth/logout', () => {
  test('ends the session and takes the cookie away', async () => {
    const visitor = await member('out@example.com')
    const token = visitor.cookies.get('cc_auth')
    const response = await visitor.post('/auth/logout')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ok: true })
    expect(cookieOf(response, 'cc_auth')).toEqual({ value: '', 'max-age': '0', path: '/' })
    const again = await fetch(`${app.url}/auth/me`, { headers: { cookie: `cc_auth=${token}` } })
    expect(again.status).toBe(401)
  })

  const bodies: [name: string, init: RequestInit][] = [
    ['none', {}],
    ['junk', { body: '{"' }],
    ['a form', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a large one', { body: 'x'.repeat(20_000) }],
  ]
  test.each(bodies)('says yes to everybody, whatever the body: %s', async (_name, init) => {
    const response = await fetch(`${app.url}/auth/logout`, { method: 'POST', ...init })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ok: true })
  })

  test('leaves the chat as it is', async () => {
    const visitor = await member('chat@example.com')
    await visitor.chat('remember me')
    await visitor.post('/auth/logout')
    const { messages } = (await (await visitor.get('/chat_history')).json()) as { messages: unknown[] }
    expect(messages).toHaveLength(2)
  })
})
