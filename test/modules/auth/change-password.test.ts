import { expect, test } from 'bun:test'
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
