import { afterAll, describe, expect, test } from 'bun:test'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { cookieOf, malformedBodies, play, type Scenario, send } from './scenario.ts'

const email = 'ada@example.com'
const phone = '+8613800000000'
const password = 'correct horse 1'
const app = await startApp(embeddedStack, { LIMIT_LOGIN_IP: '0', LIMIT_LOGIN_ID: '0' })
afterAll(() => app[Symbol.asyncDispose]())
await app.visitor().post('/auth/register', { email, phone, password })

const refused = { status: 401, answer: { ok: false, error: 'Invalid credentials' } }
const tooLong = (field: string) => ({ status: 400, answer: { ok: false, error: `${field} is too long` } })
const accepted = { status: 200, answer: { ok: true } }

const scenarios: Scenario[] = [
  ...malformedBodies('identifier', true),
  { name: 'nothing', body: {}, ...refused },
  { name: 'no password', body: { identifier: email }, ...refused },
  { name: 'no identifier', body: { password }, ...refused },
  { name: 'a wrong password', body: { identifier: email, password: `${password} ` }, ...refused },
  { name: 'an unknown e-mail', body: { identifier: 'nobody@example.com', password }, ...refused },
  { name: 'a NUL in the identifier', body: { identifier: 'a\u0000b', password }, ...refused },
  { name: 'half a character', body: { identifier: '\ud800', password }, ...refused },
  { name: 'a long identifier', body: { identifier: 'x'.repeat(255), password }, ...tooLong('identifier') },
  {
    name: 'a long password',
    body: { identifier: email, password: 'x'.repeat(129) },
    ...tooLong('password'),
  },
  { name: 'e-mail and password', body: { identifier: ` ${email.toUpperCase()} `, password }, ...accepted },
  { name: 'phone and password', body: { identifier: phone, password }, ...accepted },
]

describe('POST /auth/login', () => {
  test.each(scenarios)('$name', async (scenario) => {
    const response = await play(`${app.url}/auth/login`, scenario)
    expect(cookieOf(response, 'cc_auth') !== null).toBe(scenario.status === 200)
  })

  test('sets cc_auth for seven days', async () => {
    const response = await send(`${app.url}/auth/login`, {
      ...accepted,
      body: { identifier: email, password },
    })
    const { value, ...attributes } = cookieOf(response, 'cc_auth') ?? {}
    expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(attributes).toEqual({ 'max-age': '604800', path: '/', httponly: '', samesite: 'Lax' })
  })

  test('a second log-in leaves the first one alive', async () => {
    const [first, second] = [app.visitor(), app.visitor()]
    for (const visitor of [first, second]) await visitor.post('/auth/login', { identifier: email, password })
    expect((await first.get('/auth/me')).status).toBe(200)
    expect((await second.get('/auth/me')).status).toBe(200)
    expect(first.cookies.get('cc_auth')).not.toBe(second.cookies.get('cc_auth'))
  })
})

// Each app begins with an empty database, which it shares with the app above.
describe('POST /auth/login with other settings', () => {
  test('sets the cookie with Secure where the settings say so', async () => {
    await using secure = await startApp(embeddedStack, { COOKIE_SECURE: '1' })
    await secure.visitor().post('/auth/register', { email, password })
    const response = await secure.visitor().post('/auth/login', { identifier: email, password })
    expect(cookieOf(response, 'cc_auth')).toHaveProperty('secure')
  })

  test('an exhausted limit looks like a wrong password; requests without fields do not count', async () => {
    await using limited = await startApp(embeddedStack, { LIMIT_LOGIN_IP: '2/600' })
    await limited.visitor().post('/auth/register', { email, password })
    const logIn = (body: unknown) => limited.visitor().post('/auth/login', body)
    for (const body of [{}, { identifier: email }, []]) await logIn(body)
    for (let time = 0; time < 2; time++)
      expect((await logIn({ identifier: email, password })).status).toBe(200)
    const response = await logIn({ identifier: email, password })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ ok: false, error: 'Invalid credentials' })
    expect(response.headers.get('retry-after')).toBeNull()
  })
})
