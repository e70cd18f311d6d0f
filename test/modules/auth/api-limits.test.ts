import { expect, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'
import { ann } from './accounts.ts'
import { codeOf, logInProgram, registerProgram } from './programs.ts'

const me = '/api/v1/users/me'

describeOnBothStacks('the limits of /api/v1', (start) => {
  test('one person has so many requests, by whatever session, and others have their own', async () => {
    await using app = await start({ LIMIT_API_USER: '3/60' })
    const program = await registerProgram(app)
    const other = await logInProgram(app)
    const ben = await registerProgram(app, { email: 'ben@example.com' })
    for (const ask of [program, other, program]) expect(await codeOf(await ask.ask('GET', me))).toBe(200)
    const refused = await other.ask('GET', `${me}/sessions`)
    expect(refused.headers.get('ratelimit-policy')).toBe('"account";q=3;w=60')
    expect(refused.headers.get('ratelimit')).toContain('"account";r=0;t=')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await codeOf(refused)).toBe('rate_limited')
    expect(await codeOf(await ben.ask('GET', me))).toBe(200)
    // Nobody can use up what is somebody else's by asking without logging in.
    for (let i = 0; i < 5; i++) await ben.ask('GET', me, undefined, 'Bearer nonsense')
    expect(await codeOf(await ben.ask('GET', me))).toBe(200)
  })

  test('one address may ask about log-ins so often, sense or nonsense', async () => {
    await using app = await start({ LIMIT_API_AUTH_IP: '4/60' })
    const ask = (path: string, ip: string, body = '{}') =>
      fetch(`${app.url}/api/v1/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': ip },
        body,
      })
    const paths = ['login', 'refresh', 'register', 'forgot-password']
    const first = await ask('login', '198.51.100.7')
    expect(first.headers.get('ratelimit')).toContain('"address";r=3;t=')
    for (const path of paths.slice(1)) {
      expect(await codeOf(await ask(path, '198.51.100.7'))).toBe('invalid_request')
    }
    for (const path of [...paths, 'reset-password', 'logout']) {
      expect([path, await codeOf(await ask(path, '198.51.100.7'))]).toEqual([path, 'rate_limited'])
    }
    expect(await codeOf(await ask('logout', '198.51.100.8'))).toBe(204)
    // IPv6 by the first half of the address.
    for (let i = 0; i < 4; i++) await ask('logout', `2001:db8::${i}`)
    expect(await codeOf(await ask('logout', '2001:db8::ffff'))).toBe('rate_limited')
    expect(await codeOf(await ask('logout', '2001:db8:0:1::1'))).toBe(204)
  })

  test('an API key has its own rate here too, and none can be tried out', async () => {
    await using app = await start({ LIMIT_GATEWAY_IP: '8/60' })
    const program = await registerProgram(app)
    const made = await program.ask('POST', '/api/v1/keys', {
      name: 'slow',
      rate: { requests: 2, seconds: 60 },
    })
    const { key } = (await made.json()) as { key: string }
    const ask = (bearer: string) => program.ask('GET', '/api/v1/usage/summary', undefined, `Bearer ${bearer}`)
    const first = await ask(key)
    expect(first.headers.get('ratelimit')).toContain('"key";r=1;t=')
    expect(await codeOf(await ask(key))).toBe(200)
    expect(await codeOf(await ask(key))).toBe('rate_limited')
    const unknown = `${key.slice(0, -4)}AAAA`
    for (let time = 0; time < 5; time++) expect(await codeOf(await ask(unknown))).toBe('unauthenticated')
    expect(await codeOf(await ask(unknown))).toBe('rate_limited')
  })

  test('0 turns them off, and the live front end has its own', async () => {
    await using app = await start({ LIMIT_API_AUTH_IP: '1/60', LIMIT_API_USER: '0' })
    const program = await registerProgram(app)
    for (let i = 0; i < 5; i++) expect(await codeOf(await program.ask('GET', me))).toBe(200)
    const login = { identifier: ann.email, password: ann.password }
    expect(await codeOf(await program.ask('POST', '/api/v1/auth/login', login, null))).toBe('rate_limited')
    expect((await app.visitor().post('/auth/login', login)).status).toBe(200)
  })
})
