import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { sendDueLetters } from '../../../src/modules/mail/send-due-letters.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { ann } from './accounts.ts'
import { codeOf, faultsOf, logInProgram, registerProgram } from './programs.ts'

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
    expect(await put({ display_name: null, locale: 'en' })).toEqual({
      ...before,
      username: 'ann_77',
      locale: 'en',
    })
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

async function userOf(response: Response): Promise<Record<string, unknown>> {
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()).user
}
