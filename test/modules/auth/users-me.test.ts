import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { sendDueLetters } from '../../../src/modules/mail/send-due-letters.ts'
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
const newPassword = 'plinth-8 umbra'

describeOnBothStacks('the own account', (start) => {
  test('changes what is given and keeps the rest', async () => {
    await using app = await start()
    const program = await registerProgram(app)
    const before = await userOf(await program.ask('GET', me))
    const put = async (body: object) => {
      const user = await userOf(await program.ask('PUT', me, body))
      // At once, although whoever asked a moment ago is still known.
      expect(await userOf(await program.ask('GET', me))).toEqual(user)
      return user
    }
    expect(await put({})).toEqual(before)
    expect(await put({ display_name: ' 安 ', username: 'ａｎｎ_77' })).toEqual({
      ...before,
      display_name: '安',
      username: 'ann_77',
    })
    expect(await put({ display_name: null, locale: 'en' })).toEqual({ ...before, username: 'ann_77' })
    expect(await put({ phone: '138 0013 8000', current_password: ann.password })).toMatchObject({
      phone: '138 0013 8000',
      email: ann.email,
    })
    expect(await put({ email: '', current_password: ann.password })).toMatchObject({ email: null })
    expect(await put({ phone: '138 0013 8000', email: null })).toMatchObject({ email: null })
  })

  test('another address or number asks for the password, and tells the address that was', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    await app.visitor().post('/api/v1/auth/forgot-password', { identifier: ann.email })
    for (const body of [
      { email: 'new@example.com' },
      { phone: '13800138000' },
      { email: null, username: 'ann' },
    ]) {
      for (const proof of [undefined, null, 'wrong-7 quince']) {
        const response = await program.ask('PUT', me, { ...body, current_password: proof })
        expect([body, await faultsOf(response)]).toEqual([body, ['current_password']])
      }
    }
    const change = { email: ' New@Example.com ', current_password: ann.password }
    expect(await userOf(await program.ask('PUT', me, change))).toMatchObject({ email: 'new@example.com' })
    await sendDueLetters(app.deps)
    const letter = await app.mail.waitForLetter(ann.email, ({ text }) => text.includes('邮箱'))
    expect(letter.text).toContain('不再使用此邮箱')
    // Whoever still reads the old mailbox cannot take the account over.
    const reset = await app.mail.waitForLetter(ann.email, ({ text }) => text.includes('token='))
    const token = /\?token=([\w-]{43})/.exec(reset.text)?.[1]
    const attempt = await app
      .visitor()
      .post('/api/v1/auth/reset-password', { token, new_password: newPassword })
    expect(await faultsOf(attempt)).toEqual(['token'])
    await logInProgram(app, 'new@example.com')
  })

  test('names that are taken, impossible or the last one are refused by their field', async () => {
    await using app = await start(unlimited)
    await registerProgram(app, { email: 'ben@example.com', phone: '13800138000', username: 'Ben' })
    const program = await registerProgram(app)
    const current_password = ann.password
    for (const [body, code] of [
      [{ username: 'bEN' }, 'username_taken'],
      [{ email: 'BEN@example.com', current_password }, 'email_taken'],
      [{ phone: '13800138000', current_password }, 'phone_taken'],
    ] as const) {
      expect([body, await codeOf(await program.ask('PUT', me, body))]).toEqual([body, code])
    }
    for (const [body, field] of [
      [{ username: 'x' }, 'username'],
      [{ username: '12345678' }, 'username'],
      [{ email: 'nonsense', current_password }, 'email'],
      [{ phone: 'nonsense', current_password }, 'phone'],
      [{ display_name: 'x'.repeat(81) }, 'display_name'],
      [{ display_name: 'a\u0000b' }, 'display_name'],
      [{ email: null, current_password }, 'email'],
      [{ locale: 'fr' }, 'locale'],
      [{ locale: null }, 'locale'],
      [{ display_name: {} }, 'display_name'],
    ] as const) {
      expect([body, await faultsOf(await program.ask('PUT', me, body))]).toEqual([body, [field]])
    }
    // What a person may not decide is not even looked at.
    const greedy = { role: 'admin', plan: 'gold', id: 'x', uid: 'x', is_active: false, created_at: 'x' }
    const before = await userOf(await program.ask('GET', me))
    expect(await userOf(await program.ask('PUT', me, greedy))).toEqual(before)
  })

  test('two changes at once do not take the last name away', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app, { email: ann.email, username: 'ann' })
    const proof = { current_password: ann.password }
    const outcomes = await Promise.all([
      program.ask('PUT', me, { email: null, ...proof }),
      program.ask('PUT', me, { username: null, ...proof }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('the plan is the own one, or the one of the settings', async () => {
    await using app = await start({ DEFAULT_PLAN: 'basic' })
    const program = await registerProgram(app)
    expect(await userOf(await program.ask('GET', me))).toMatchObject({ plan: 'basic' })
    await app.deps.db.execute(sql`update users set plan = 'gold'`)
    app.clock.advance(1)
    expect(await userOf(await program.ask('GET', me))).toMatchObject({ plan: 'gold' })
  })
})

describeOnBothStacks('a new password', (start) => {
  const path = `${me}/change-password`

  test('ends all other sessions and dying links, and is told by mail', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    const other = await logInProgram(app)
    const page = app.visitor()
    const logIn = { identifier: ann.email, password: ann.password, session: 'cookie' }
    await page.post('/api/v1/auth/login', logIn)
    for (const ask of [() => other.ask('GET', me), () => page.get(me)]) expect((await ask()).status).toBe(200)
    await app.visitor().post('/api/v1/auth/forgot-password', { identifier: ann.email })

    const change = { current_password: ann.password, new_password: newPassword }
    const response = await program.ask('POST', path, change)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(await codeOf(await program.ask('GET', me))).toBe(200)
    expect((await program.refresh()).status).toBe(200)
    expect(await codeOf(await other.ask('GET', me))).toBe('unauthenticated')
    expect(await codeOf(await other.refresh())).toBe('unauthenticated')
    expect(await codeOf(await page.get(me))).toBe('unauthenticated')
    expect(await codeOf(await page.post('/api/v1/auth/login', logIn))).toBe('invalid_credentials')
    expect((await page.post('/api/v1/auth/login', { ...logIn, password: newPassword })).status).toBe(200)

    await sendDueLetters(app.deps)
    await app.mail.waitForLetter(ann.email, ({ text }) => text.includes('密码刚刚'))
    const reset = await app.mail.waitForLetter(ann.email, ({ text }) => text.includes('token='))
    const token = /\?token=([\w-]{43})/.exec(reset.text)?.[1]
    const attempt = await app
      .visitor()
      .post('/api/v1/auth/reset-password', { token, new_password: 'other-9 umbra' })
    expect(await faultsOf(attempt)).toEqual(['token'])
  })

  test('is refused without the present one, or when it is weak', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    for (const [current_password, new_password, field] of [
      ['wrong-7 quince', newPassword, 'current_password'],
      [undefined, newPassword, 'current_password'],
      [ann.password, 'weak', 'new_password'],
      [ann.password, 'Ann@example.com', 'new_password'],
      [ann.password, undefined, 'new_password'],
    ] as const) {
      const response = await program.ask('POST', path, { current_password, new_password })
      expect({ current_password, new_password, faults: await faultsOf(response) }).toEqual({
        current_password,
        new_password,
        faults: [field],
      })
    }
    await logInProgram(app)
  })

  test('of several at once one counts', async () => {
    await using app = await start(unlimited)
    const program = await registerProgram(app)
    const passwords = ['plinth-1 umbra', 'plinth-2 umbra', 'plinth-3 umbra']
    const outcomes = await Promise.all(
      passwords.map((new_password) =>
        program.ask('POST', path, { current_password: ann.password, new_password }),
      ),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual([204, 400, 400])
    const at = outcomes.findIndex(({ status }) => status === 204)
    const identifier = { identifier: ann.email, session: 'cookie' }
    for (const [index, password] of passwords.entries()) {
      const { status } = await app.visitor().post('/api/v1/auth/login', { ...identifier, password })
      expect(status).toBe(index === at ? 200 : 401)
    }
  })

  test('the present one cannot be guessed for ever', async () => {
    await using app = await start({ ...unlimited, LIMIT_LOGIN_ID: '2/600' })
    const program = await registerProgram(app)
    const guess = { current_password: 'wrong-7 quince', new_password: newPassword }
    for (let i = 0; i < 2; i++)
      expect(await faultsOf(await program.ask('POST', path, guess))).toEqual(['current_password'])
    const right = { ...guess, current_password: ann.password }
    expect(await codeOf(await program.ask('POST', path, right))).toBe('rate_limited')
    const byMail = { email: 'new@example.com', current_password: ann.password }
    expect(await codeOf(await program.ask('PUT', me, byMail))).toBe('rate_limited')
    // Who is logged in stays so.
    expect(await codeOf(await program.ask('GET', me))).toBe(200)
  })
})

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

async function userOf(response: Response): Promise<Record<string, unknown>> {
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()).user
}

async function faultsOf(response: Response): Promise<string[]> {
  const { code, errors = [] } = await response.json()
  expect(code).toBe('invalid_request')
  return errors.map(({ path }: { path: string }) => path)
}

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
