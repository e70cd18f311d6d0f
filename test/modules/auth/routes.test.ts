import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { sendDueLetters } from '../../../src/modules/mail/send-due-letters.ts'
import { describeOnBothStacks } from '../../support/harness.ts'

const password = 'vexing-7 quince'
const ann = { email: 'ann@example.com', password, session: 'cookie' }
const unlimited = {
  LIMIT_REGISTER_IP: '0',
  LIMIT_REGISTER_EMAIL: '0',
  LIMIT_LOGIN_IP: '0',
  LIMIT_LOGIN_ID: '0',
  LIMIT_API_AUTH_IP: '0',
}

describeOnBothStacks('accounts over HTTP', (start) => {
  test('registering logs in, logging out logs out, logging in again works', async () => {
    await using app = await start()
    const visitor = app.visitor()
    const registered = await visitor.post('/api/v1/auth/register', {
      ...ann,
      username: 'ann',
      display_name: '安',
    })
    expect(registered.status).toBe(201)
    const { user } = await registered.json()
    expect(user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      email: 'ann@example.com',
      phone: null,
      username: 'ann',
      display_name: '安',
      role: 'user',
      plan: 'unlimited',
      locale: 'zh',
      created_at: app.clock.now.toISOString(),
    })
    const me = await visitor.get('/api/v1/users/me')
    expect([me.status, await me.json(), me.headers.get('cache-control')]).toEqual([200, { user }, 'no-store'])

    const left = await visitor.post('/api/v1/auth/logout')
    expect([left.status, await left.text()]).toEqual([204, ''])
    expect(visitor.cookies.size).toBe(0)
    await expectProblem(await visitor.get('/api/v1/users/me'), 401, 'unauthenticated')

    const returned = await visitor.post('/api/v1/auth/login', {
      identifier: 'ann',
      password,
      session: 'cookie',
    })
    expect([returned.status, await returned.json()]).toEqual([200, { user }])
    expect((await visitor.get('/api/v1/users/me')).status).toBe(200)
  })

  test('the session is a cookie that scripts cannot read, and appears nowhere else', async () => {
    await using app = await start({ SESSION_TTL_SECONDS: '1000', AUTH_COOKIE_NAME: 'who' })
    const response = await app.visitor().post('/api/v1/auth/register', ann)
    const [cookie = '', ...others] = response.headers.getSetCookie()
    expect(others).toEqual([])
    const [pair = '', ...attributes] = cookie.split('; ')
    expect(pair).toMatch(/^who=[A-Za-z0-9_-]{43}$/)
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=1000', 'Path=/', 'SameSite=Lax'])
    expect(await response.text()).not.toContain(pair.slice(4))
  })

  test('a logged-out cookie is worth nothing to whoever kept a copy', async () => {
    await using app = await start()
    const visitor = app.visitor()
    await visitor.post('/api/v1/auth/register', ann)
    const copy = [...visitor.cookies][0]
    await visitor.post('/api/v1/auth/logout')
    visitor.cookies.set(copy?.[0] ?? '', copy?.[1] ?? '')
    await expectProblem(await visitor.get('/api/v1/users/me'), 401, 'unauthenticated')
  })

  test('refusals tell the field and never the value', async () => {
    await using app = await start(unlimited)
    const visitor = app.visitor()
    await visitor.post('/api/v1/auth/register', ann)
    const refusals: [string, object, number, string, string[]][] = [
      ['register', { ...ann, email: 'nonsense' }, 400, 'invalid_request', ['email']],
      ['register', { password, session: 'cookie' }, 400, 'invalid_request', ['email']],
      ['register', { ...ann, password: 'hunter2' }, 400, 'invalid_request', ['password']],
      ['register', { ...ann, session: 'jwt' }, 400, 'invalid_request', ['session']],
      ['register', { ...ann, session: null }, 400, 'invalid_request', ['session']],
      ['register', { ...ann, email: 7 }, 400, 'invalid_request', ['email']],
      ['register', ann, 409, 'email_taken', []],
      [
        'login',
        { identifier: 'ann@example.com', password: 'hunter2', session: 'cookie' },
        401,
        'invalid_credentials',
        [],
      ],
      [
        'login',
        { identifier: 'ann@example.com', password, session: ['cookie'] },
        400,
        'invalid_request',
        ['session'],
      ],
      ['login', { identifier: ['ann'], password, session: 'cookie' }, 400, 'invalid_request', ['identifier']],
      [
        'reset-password',
        { token: 'nonsense', new_password: 'hunter2' },
        400,
        'invalid_request',
        ['password'],
      ],
      ['reset-password', { token: 'nonsense', new_password: password }, 400, 'invalid_request', ['token']],
      ['forgot-password', {}, 400, 'invalid_request', ['identifier']],
    ]
    for (const [path, body, status, code, fields] of refusals) {
      const response = await app.visitor().post(`/api/v1/auth/${path}`, body)
      const { errors = [], ...problem } = await expectProblem(response, status, code)
      expect([path, body, errors.map((fault: { path: string }) => fault.path.replace(/^\//, ''))]).toEqual([
        path,
        body,
        fields,
      ])
      expect(JSON.stringify([problem, errors])).not.toMatch(/hunter2|nonsense|vexing/)
      expect(response.headers.getSetCookie()).toEqual([])
    }
  })

  test('a forgotten password is set anew with the mailed link', async () => {
    await using app = await start()
    const visitor = app.visitor()
    await visitor.post('/api/v1/auth/register', ann)
    const known = await app.visitor().post('/api/v1/auth/forgot-password', { identifier: ann.email })
    const unknown = await app
      .visitor()
      .post('/api/v1/auth/forgot-password', { identifier: 'unknown@example.com' })
    expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()])
    await sendDueLetters(app.deps)
    const letter = await app.mail.waitForLetter(ann.email, ({ text }) => text.includes('token='))
    const token = /\?token=([\w-]{43})/.exec(letter.text)?.[1]
    const reset = await app
      .visitor()
      .post('/api/v1/auth/reset-password', { token, new_password: 'plinth-8 umbra' })
    expect([reset.status, await reset.text()]).toEqual([204, ''])
    expect(reset.headers.getSetCookie()).toEqual([])
    await expectProblem(await visitor.get('/api/v1/users/me'), 401, 'unauthenticated')
    const again = { identifier: ann.email, password: 'plinth-8 umbra', session: 'cookie' }
    expect((await visitor.post('/api/v1/auth/login', again)).status).toBe(200)
  })

  test('too many tries are told when to come back', async () => {
    await using app = await start({ LIMIT_LOGIN_IP: '2/600' })
    const attempt = { identifier: 'nobody', password: 'x', session: 'cookie' }
    for (let i = 0; i < 2; i++) await app.visitor().post('/api/v1/auth/login', attempt)
    const response = await app.visitor().post('/api/v1/auth/login', attempt)
    await expectProblem(response, 429, 'rate_limited')
    const seconds = Number(response.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(600)
  })

  test('a closed account is out everywhere', async () => {
    await using app = await start()
    const visitor = app.visitor()
    await visitor.post('/api/v1/auth/register', ann)
    expect((await visitor.get('/api/v1/users/me')).status).toBe(200)
    await app.deps.db.execute(sql`update users set is_active = false`)
    app.clock.advance(1)
    await expectProblem(await visitor.get('/api/v1/users/me'), 401, 'unauthenticated')
  })
})

async function expectProblem(response: Response, status: number, code: string) {
  const problem = await response.json()
  expect(problem).toMatchObject({ status, code, request_id: expect.any(String) })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return problem
}
