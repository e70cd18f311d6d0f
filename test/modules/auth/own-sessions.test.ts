import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { ann } from './accounts.ts'
import { codeOf, logInProgram, type Program, registerProgram } from './programs.ts'

const me = '/api/v1/users/me'
const unlimited = {
  LIMIT_API_AUTH_IP: '0',
  LIMIT_LOGIN_IP: '0',
  LIMIT_LOGIN_ID: '0',
  LIMIT_REGISTER_IP: '0',
  LIMIT_REGISTER_EMAIL: '0',
}

describeOnBothStacks('the own sessions', (start) => {
  const path = `${me}/sessions`

  test('are listed with device, address and last use, the last used first', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    const page = app.visitor()
    const logIn = await page.fetch('/api/v1/auth/login', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0',
        'x-forwarded-for': '198.51.100.7',
      },
      body: JSON.stringify({ identifier: ann.email, password: ann.password, session: 'cookie' }),
    })
    expect(logIn.status).toBe(200)
    await registerProgram(app, { email: 'ben@example.com' })
    const createdAt = app.clock.now.toISOString()
    app.clock.advance(60)
    await page.get(me)
    await untilUsed(app, app.clock.now)
    const { items, next_cursor } = await (await program.ask('GET', path)).json()
    expect([next_cursor, items.map((item: object) => Object.keys(item).length)]).toEqual([null, [8, 8]])
    expect(items).toEqual([
      expect.objectContaining({
        device: 'Firefox on Windows',
        ip: '198.51.100.7',
        created_at: createdAt,
        last_used_at: app.clock.now.toISOString(),
        expires_at: new Date(Date.parse(createdAt) + 604_800_000).toISOString(),
        current: false,
      }),
      expect.objectContaining({ device: 'Bun', ip: '127.0.0.1', created_at: createdAt, current: true }),
    ])
  })

  test('end one by one, and nobody ends those of others', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    const other = await logInProgram(app)
    const ben = await registerProgram(app, { email: 'ben@example.com' })
    const idOf = async (whose: Program) => {
      const { items } = await (await whose.ask('GET', path)).json()
      return items.find(({ current }: { current: boolean }) => current).id as string
    }
    const [mine, others, bens] = [await idOf(program), await idOf(other), await idOf(ben)]
    for (const id of [bens, 'nonsense', '%00', '0195f1c0-0000-7000-8000-000000000001', `${others}x`]) {
      expect([id, await codeOf(await program.ask('DELETE', `${path}/${id}`))]).toEqual([id, 'not_found'])
    }
    expect((await program.ask('DELETE', `${path}/${others.toUpperCase()}`)).status).toBe(204)
    expect(await codeOf(await other.ask('GET', me))).toBe('unauthenticated')
    expect(await codeOf(await program.ask('DELETE', `${path}/${others}`))).toBe('not_found')
    expect((await program.ask('DELETE', `${path}/${mine}`)).status).toBe(204)
    expect(await codeOf(await program.ask('GET', me))).toBe('unauthenticated')
    expect(await codeOf(await ben.ask('GET', me))).toBe(200)
  })

  test('all others end at once', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    const others = [await logInProgram(app), await logInProgram(app)]
    const ben = await registerProgram(app, { email: 'ben@example.com' })
    for (const other of others) expect(await codeOf(await other.ask('GET', me))).toBe(200)
    expect((await program.ask('DELETE', path)).status).toBe(204)
    for (const other of others) expect(await codeOf(await other.ask('GET', me))).toBe('unauthenticated')
    for (const still of [program, ben]) expect(await codeOf(await still.ask('GET', me))).toBe(200)
  })

  test('nobody sees or ends any without logging in', async () => {
    await using app = await start()
    for (const [method, at] of [
      ['GET', me],
      ['PUT', me],
      ['POST', `${me}/change-password`],
      ['GET', path],
      ['DELETE', path],
      ['DELETE', `${path}/0195f1c0-0000-7000-8000-000000000001`],
    ] as const) {
      const body = at.endsWith('password') ? { current_password: 'x', new_password: 'y' } : {}
      const response = await fetch(app.url + at, {
        method,
        ...(method !== 'GET' && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
      expect([method, at, await codeOf(response)]).toEqual([method, at, 'unauthenticated'])
    }
  })
})

/** It is written beside the request, so a moment later. */
async function untilUsed(app: TestApp, moment: Date): Promise<void> {
  for (;;) {
    const used = await app.deps.db.execute(
      sql`select 1 from sessions where last_used_at = ${moment.toISOString()}::timestamptz`,
    )
    if ((used as unknown as unknown[]).length > 0) return
    await Bun.sleep(5)
  }
}
