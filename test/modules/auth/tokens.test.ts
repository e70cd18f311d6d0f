import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createSharedMemory } from '../../../src/deps.ts'
import { signAccessToken } from '../../../src/lib/access-token.ts'
import { createId } from '../../../src/lib/ids.ts'
import { hashToken } from '../../../src/lib/tokens.ts'
import { resolveToken } from '../../../src/modules/auth/resolve-credential.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { ann } from './accounts.ts'
import { codeOf, logInProgram, registerProgram } from './programs.ts'

const me = '/api/v1/users/me'
const unlimited = { LIMIT_API_AUTH_IP: '0', LIMIT_LOGIN_IP: '0', LIMIT_LOGIN_ID: '0', LIMIT_REGISTER_IP: '0' }

describeOnBothStacks('tokens for programs', (start) => {
  test('come from registering and logging in where no cookie is asked for', async () => {
    await using app = await start()
    const registered = await app.visitor().post('/api/v1/auth/register', {
      email: ann.email,
      password: ann.password,
    })
    const answer = await registered.json()
    expect([registered.status, answer]).toEqual([
      201,
      {
        user: expect.objectContaining({ email: ann.email }),
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}$/),
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
        token_type: 'Bearer',
        expires_in: 900,
      },
    ])
    for (const session of ['token', undefined]) {
      const response = await app.visitor().post('/api/v1/auth/login', {
        identifier: ann.email,
        password: ann.password,
        session,
      })
      expect(response.headers.getSetCookie()).toEqual([])
      const { access_token, user, expires_in } = await response.json()
      expect([user, expires_in]).toEqual([answer.user, 900])
      const asked = await fetch(app.url + me, { headers: { authorization: `bearer ${access_token}` } })
      expect([asked.status, await asked.json()]).toEqual([200, { user }])
    }
  })

  test('are stored as hashes, and in no log', async () => {
    await using app = await start()
    const program = await registerProgram(app)
    await program.refresh()
    await program.ask('GET', me)
    const rows = await app.deps.db.execute(sql`
      select r.token_hash, r.used_at, s.token_hash as session_hash from refresh_tokens r
      join sessions s on s.id = r.session_id order by r.created_at, r.used_at nulls last`)
    expect(rowsOf(rows)).toEqual([
      { token_hash: expect.stringMatching(/^[0-9a-f]{64}$/), used_at: expect.anything(), session_hash: null },
      { token_hash: hashToken(program.refreshToken), used_at: null, session_hash: null },
    ])
    const log = JSON.stringify(app.log)
    for (const secret of [program.accessToken, program.refreshToken]) expect(log).not.toContain(secret)
  })

  test('an access token lasts fifteen minutes, and says so afterwards', async () => {
    await using app = await start()
    const program = await registerProgram(app)
    app.clock.advance(899)
    expect(await codeOf(await program.ask('GET', me))).toBe(200)
    app.clock.advance(1)
    for (let i = 0; i < 2; i++) expect(await codeOf(await program.ask('GET', me))).toBe('token_expired')
    expect((await program.refresh()).status).toBe(200)
    expect(await codeOf(await program.ask('GET', me))).toBe(200)
  })

  test('a wrong Bearer token lets nobody in, also beside a good cookie, and one of somebody else is refused', async () => {
    await using app = await start()
    const program = await registerProgram(app)
    const visitor = app.visitor()
    await visitor.post('/api/v1/auth/register', {
      email: 'ben@example.com',
      password: ann.password,
      session: 'cookie',
    })
    const ask = async (authorization: string) => {
      const response = await visitor.fetch(me, { headers: { authorization } })
      return response.ok ? (await response.json()).user.email : await codeOf(response)
    }
    expect(await ask(`Bearer ${program.accessToken}`)).toBe('invalid_request')
    const own = await logInProgram(app, 'ben@example.com')
    expect(await ask(`Bearer ${own.accessToken}`)).toBe('ben@example.com')
    const cookie = [...visitor.cookies.values()][0] ?? ''
    for (const wrong of [
      '',
      'x',
      'a.b.c',
      cookie,
      program.refreshToken,
      `${program.accessToken}x`,
      '\u00ff',
    ]) {
      expect([wrong, await ask(`Bearer ${wrong}`)]).toEqual([wrong, 'unauthenticated'])
    }
    // Another kind is not for us: a proxy may ask for a name and a password of its own.
    expect(await ask('Basic YTpi')).toBe('ben@example.com')
    // What a cookie is good for, it is good for in the cookie alone, and the other way round.
    visitor.cookies.set(app.config.auth.cookieName, program.accessToken)
    expect(await codeOf(await visitor.get(me))).toBe('unauthenticated')
  })

  test('a genuine token for a session of somebody else, or of nobody, lets nobody in', async () => {
    await using app = await start()
    await registerProgram(app)
    await registerProgram(app, { email: 'ben@example.com' })
    const users = await rowsIn<{ uid: string; sid: string }>(
      app,
      sql`select u.uid, s.id as sid from users u join sessions s on s.user_id = u.id order by u.id`,
    )
    const [uid = '', sessionId = ''] = [users[0]?.uid, users[0]?.sid]
    const expiresAt = new Date(app.clock.now.getTime() + 60_000)
    const tryToken = async (claims: { uid: string; sessionId: string }, secret = app.config.secretKey) => {
      const token = await signAccessToken(secret, { ...claims, expiresAt }, app.clock.now)
      return codeOf(await fetch(app.url + me, { headers: { authorization: `Bearer ${token}` } }))
    }
    expect(await tryToken({ uid, sessionId })).toBe(200)
    expect(await tryToken({ uid: users[1]?.uid ?? '', sessionId })).toBe('unauthenticated')
    expect(await tryToken({ uid, sessionId: createId() })).toBe('unauthenticated')
    expect(await tryToken({ uid, sessionId }, 'another secret 0123456789')).toBe('unauthenticated')
  })

  test('what another instance ended is gone within a second, whatever the token says', async () => {
    await using app = await start()
    const program = await registerProgram(app)
    const here = app.deps
    const there = { ...here, ...createSharedMemory(here.now) }
    const shown = { cookie: null, bearer: program.accessToken }
    expect(await resolveToken(there, shown)).not.toBeNull()
    expect((await program.ask('POST', '/api/v1/auth/logout')).status).toBe(204)
    expect(await resolveToken(here, shown)).toBeNull()
    app.clock.advance(0.999)
    expect(await resolveToken(there, shown)).not.toBeNull()
    app.clock.advance(0.001)
    expect(await resolveToken(there, shown)).toBeNull()
    expect(await codeOf(await program.refresh())).toBe('unauthenticated')
  })

  test('a closed account is out, and its refresh token with it', async () => {
    await using app = await start()
    const program = await registerProgram(app)
    expect(await codeOf(await program.ask('GET', me))).toBe(200)
    await app.deps.db.execute(sql`update users set is_active = false`)
    app.clock.advance(1)
    expect(await codeOf(await program.ask('GET', me))).toBe('unauthenticated')
    expect(await codeOf(await program.refresh())).toBe('unauthenticated')
  })

  test('logging out ends the session that is shown, by any of its tokens', async () => {
    await using app = await start(unlimited)
    await registerProgram(app)
    const logOut = '/api/v1/auth/logout'
    const ways: ((program: Awaited<ReturnType<typeof logInProgram>>) => Promise<Response>)[] = [
      (program) => program.ask('POST', logOut),
      (program) => program.ask('POST', logOut, {}),
      (program) => program.ask('POST', logOut, { refresh_token: program.refreshToken }, null),
      (program) => {
        app.clock.advance(901)
        return program.ask('POST', logOut)
      },
    ]
    const other = await logInProgram(app)
    for (const way of ways) {
      const program = await logInProgram(app)
      expect((await way(program)).status).toBe(204)
      expect(await codeOf(await program.refresh())).toBe('unauthenticated')
    }
    expect((await other.refresh()).status).toBe(200)
    for (const nothing of [undefined, {}, null, { refresh_token: 'nonsense' }]) {
      expect((await other.ask('POST', logOut, nothing, 'Bearer nonsense')).status).toBe(204)
    }
    expect(await codeOf(await other.ask('GET', me))).toBe(200)
  })
})

async function rowsIn<T>(app: TestApp, query: ReturnType<typeof sql>): Promise<T[]> {
  return rowsOf<T>(await app.deps.db.execute(query))
}
