import { afterAll, describe, expect, test } from 'bun:test'
import { startApp, type TestApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { malformedBodies, play, type Scenario } from './scenario.ts'

const email = 'ada@example.com'
const password = 'correct horse 1'
const newPassword = 'better horse 2'
const app = await startApp(embeddedStack, {
  DEBUG_RETURN_RESET_TOKEN: '1',
  LIMIT_FORGOT_ID: '0',
  LIMIT_LOGIN_IP: '0',
  LIMIT_LOGIN_ID: '0',
  LIMIT_FORGOT_IP: '0',
  LIMIT_RESET_IP: '0',
})
afterAll(() => app[Symbol.asyncDispose]())
await app.visitor().post('/auth/register', { email, phone: '+8613800000000', password })

const refused = (error: string) => ({ status: 400, answer: { ok: false, error } })
const yes = { status: 200, answer: { ok: true } }

async function askForToken(of: TestApp = app): Promise<string> {
  const response = await of.visitor().post('/auth/password/forgot', { identifier: email })
  const answer = (await response.json()) as { debug_token: string }
  return answer.debug_token
}

const forgotScenarios: Scenario[] = [
  ...malformedBodies('identifier', true),
  { name: 'no body', contentType: null, ...yes },
  { name: 'nothing', body: {}, ...yes },
  { name: 'a blank', body: { identifier: ' ' }, ...yes },
  { name: 'an unknown address', body: { identifier: 'nobody@example.com' }, ...yes },
  { name: 'a phone number, which never matches', body: { identifier: '+8613800000000' }, ...yes },
  { name: 'no address at all', body: { identifier: 'a\u0000b' }, ...yes },
  { name: 'a long one', body: { identifier: 'x'.repeat(255) }, ...refused('identifier is too long') },
]

describe('POST /auth/password/forgot', () => {
  test.each(forgotScenarios)('$name', (scenario) => play(`${app.url}/auth/password/forgot`, scenario))

  test('tells the token where the settings say so', async () => {
    const response = await app.visitor().post('/auth/password/forgot', { identifier: 'ADA@example.com' })
    expect(await response.json()).toEqual({
      ok: true,
      debug_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      debug_ttl: 900,
    })
  })
})

const tokenOrPassword = refused('Invalid token or weak password')
const resetScenarios: Scenario[] = [
  ...malformedBodies('token', true),
  { name: 'nothing', body: {}, ...tokenOrPassword },
  { name: 'no token', body: { password: newPassword }, ...tokenOrPassword },
  { name: 'no password', body: { token: 'x' }, ...tokenOrPassword },
  { name: 'a weak password', body: { token: 'x', password: 'weak' }, ...tokenOrPassword },
  {
    name: 'an unknown token',
    body: { token: 'x', password: newPassword },
    ...refused('Token invalid or expired'),
  },
  {
    name: 'a long token',
    body: { token: 'x'.repeat(257), password: newPassword },
    ...refused('token is too long'),
  },
  {
    name: 'a long password',
    body: { token: 'x', password: 'x'.repeat(129) },
    ...refused('password is too long'),
  },
]

describe('POST /auth/password/reset', () => {
  test.each(resetScenarios)('$name', (scenario) => play(`${app.url}/auth/password/reset`, scenario))

  test('sets the password once, ends every session and logs nobody in', async () => {
    const loggedIn = [app.visitor(), app.visitor()]
    for (const visitor of loggedIn) await visitor.post('/auth/login', { identifier: email, password })
    const token = await askForToken()
    const visitor = app.visitor()
    const reset = (body: object) => visitor.post('/auth/password/reset', body)

    expect((await reset({ token, password: 'weak' })).status).toBe(400)
    const response = await reset({ token, password: newPassword })
    expect([response.status, await response.json()]).toEqual([200, { ok: true, revoked_sessions: 2 }])
    expect(response.headers.getSetCookie()).toEqual([])
    for (const former of loggedIn) expect((await former.get('/auth/me')).status).toBe(401)

    const again = await reset({ token, password: newPassword })
    expect([again.status, await again.json()]).toEqual([
      400,
      { ok: false, error: 'Token invalid or expired' },
    ])
    const logIn = async (secret: string) =>
      (await app.visitor().post('/auth/login', { identifier: email, password: secret })).status
    expect([await logIn(password), await logIn(newPassword)]).toEqual([401, 200])
  })

  test('refuses an older token, and one that is a quarter of an hour old', async () => {
    const older = await askForToken()
    const newer = await askForToken()
    const reset = async (token: string) =>
      (await app.visitor().post('/auth/password/reset', { token, password: 'another horse 3' })).json()
    expect(await reset(older)).toEqual({ ok: false, error: 'Token invalid or expired' })
    app.clock.advance(901)
    expect(await reset(newer)).toEqual({ ok: false, error: 'Token invalid or expired' })
  })
})

// Each app begins with an empty database, which it shares with the app above.
describe('the password paths with other settings', () => {
  test('forgot never tells the token, nor that a limit was reached', async () => {
    await using limited = await startApp(embeddedStack, { LIMIT_FORGOT_IP: '1/3600' })
    await limited.visitor().post('/auth/register', { email, password })
    for (let time = 0; time < 3; time++) {
      const response = await limited.visitor().post('/auth/password/forgot', { identifier: email })
      expect([response.status, await response.json()]).toEqual([200, { ok: true }])
      expect(response.headers.get('retry-after')).toBeNull()
    }
  })

  test('reset is limited', async () => {
    await using limited = await startApp(embeddedStack, { LIMIT_RESET_IP: '1/3600' })
    const reset = () => limited.visitor().post('/auth/password/reset', { token: 'x', password: newPassword })
    expect((await reset()).status).toBe(400)
    const response = await reset()
    expect([response.status, await response.json()]).toEqual([429, { ok: false, error: 'Too many requests' }])
  })
})
