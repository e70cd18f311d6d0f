import { expect, test } from 'bun:test'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { requestPasswordReset } from '../../../src/modules/auth/request-password-reset.ts'
import { resetPassword } from '../../../src/modules/auth/reset-password.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, errorOf, openAccounts, whoHas } from './accounts.ts'

const newPassword = 'plinth-8 umbra'
const invalidToken = {
  code: 'invalid_request',
  message: 'Token invalid or expired',
  faults: [{ path: 'token' }],
}
const weakPassword = { code: 'invalid_request', faults: [{ path: 'password' }] }

describeOnStacks('a forgotten password', (stack) => {
  test('is replaced with the link from the letter, which ends all sessions', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, ann, client)
    const sessions = [await logInWith(accounts, ann.password), await logInWith(accounts, ann.password)]
    for (const { token } of sessions) expect(await whoHas(deps, token)).not.toBeNull()
    const token = await askForToken(accounts)
    expect(await resetPassword(deps, { token, password: newPassword }, client)).toEqual({
      revokedSessions: 2,
    })
    for (const { token } of sessions) expect(await whoHas(deps, token)).toBeNull()
    expect(await errorOf(logInWith(accounts, ann.password))).toMatchObject({ code: 'invalid_credentials' })
    expect((await logInWith(accounts, newPassword)).user.email).toBe(ann.email)
    expect((await accounts.letters()).map(({ kind }) => kind)).toEqual(['welcome', 'reset', 'reset-done'])
  })

  test('sessions live on where the settings say so', async () => {
    await using accounts = await openAccounts(stack, { PWRESET_REVOKE_SESSIONS: '0' })
    const { deps, client } = accounts
    await register(deps, ann, client)
    const session = await logInWith(accounts, ann.password)
    const token = await askForToken(accounts)
    expect(await resetPassword(deps, { token, password: newPassword }, client)).toEqual({
      revokedSessions: 0,
    })
    expect(await whoHas(deps, session.token)).not.toBeNull()
  })

  test('a link works once, also for many at once', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, ann, client)
    const token = await askForToken(accounts)
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () =>
        resetPassword(deps, { token, password: newPassword }, client).then(
          () => 'reset',
          (error: Error) => error.message,
        ),
      ),
    )
    const used = 'Token invalid or expired'
    expect(outcomes.sort()).toEqual([used, used, used, 'reset'])
  })

  test('a new link makes the older one worthless', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, ann, client)
    const older = await askForToken(accounts)
    const newer = await askForToken(accounts)
    expect(newer).not.toBe(older)
    expect(await errorOf(resetPassword(deps, { token: older, password: newPassword }, client))).toMatchObject(
      invalidToken,
    )
    await resetPassword(deps, { token: newer, password: newPassword }, client)
  })

  test('a link runs out', async () => {
    await using accounts = await openAccounts(stack, { PWRESET_TOKEN_TTL: '900' })
    const { deps, client } = accounts
    await register(deps, ann, client)
    const token = await askForToken(accounts)
    accounts.advance(900)
    expect(await errorOf(resetPassword(deps, { token, password: newPassword }, client))).toMatchObject(
      invalidToken,
    )
  })

  test('a weak password, or the name itself, leaves the link as it was', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, ann, client)
    const token = await askForToken(accounts)
    for (const password of ['weak', 'password1', 'Ann@example.com']) {
      expect(await errorOf(resetPassword(deps, { token, password }, client))).toMatchObject(weakPassword)
    }
    await resetPassword(deps, { token, password: newPassword }, client)
  })

  test('nonsense instead of a token is refused', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    for (const token of ['', ' ', 'x', '\u0000', 'x'.repeat(256), '密'.repeat(43)]) {
      expect(await errorOf(resetPassword(deps, { token, password: newPassword }, client))).toMatchObject(
        invalidToken,
      )
    }
  })

  test('all three steps are limited', async () => {
    await using accounts = await openAccounts(stack, {
      LIMIT_FORGOT_ID: '1/60',
      LIMIT_FORGOT_IP: '2/60',
      LIMIT_RESET_IP: '1/60',
    })
    const { deps, client } = accounts
    const ask = (identifier: string) => requestPasswordReset(deps, identifier, client)
    await ask('ann@example.com')
    expect(await errorOf(ask('ANN@example.com'))).toMatchObject({ code: 'rate_limited' })
    expect(await errorOf(ask('ben@example.com'))).toMatchObject({ code: 'rate_limited' })
    expect(await ask('')).toEqual({ debugToken: null })
    const reset = () => resetPassword(deps, { token: 'x', password: newPassword }, client)
    expect(await errorOf(reset())).toMatchObject(invalidToken)
    expect(await errorOf(reset())).toMatchObject({ code: 'rate_limited' })
  })

  test('letters go to an e-mail address only, not to whom a phone number or a username names', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, { ...ann, phone: '13800138000', username: 'ann_77' }, client)
    for (const identifier of ['13800138000', 'ann_77']) await requestPasswordReset(deps, identifier, client)
    expect((await accounts.letters()).map(({ kind }) => kind)).toEqual(['welcome'])
  })

  test('while developing, the token is returned instead of mailed, for accounts that exist', async () => {
    await using accounts = await openAccounts(stack, { DEBUG_RETURN_RESET_TOKEN: '1' })
    const { deps, client } = accounts
    await register(deps, ann, client)
    const { debugToken } = await requestPasswordReset(deps, ann.email, client)
    expect(await requestPasswordReset(deps, 'unknown@example.com', client)).toEqual({ debugToken: null })
    await resetPassword(deps, { token: debugToken ?? '', password: newPassword }, client)
    expect((await accounts.letters()).map(({ kind }) => kind)).toEqual(['welcome', 'reset-done'])
  })

  test('the link is made as the settings say', async () => {
    const base = { FRONTEND_BASE_URL: 'https://chat.example.com' }
    const links = {
      query: /\/reset_password\?token=[\w-]{43}$/m,
      fragment: /\/reset_password#token=[\w-]{43}$/m,
      both: /\/reset_password\?token=([\w-]{43})#token=\1$/m,
    }
    for (const [setting, form] of Object.entries(links)) {
      await using accounts = await openAccounts(stack, { ...base, RESET_LINK: setting })
      await register(accounts.deps, ann, accounts.client)
      await requestPasswordReset(accounts.deps, ann.email, accounts.client)
      const letter = (await accounts.letters()).find(({ kind }) => kind === 'reset')
      expect(letter?.text).toMatch(form)
      expect(letter?.text).toContain('https://chat.example.com/reset_password')
    }
  })
})

function logInWith({ deps, client }: Accounts, password: string) {
  return logIn(deps, { identifier: ann.email, password }, client)
}

/** As the person would: asks for a letter and takes the token from its link. */
async function askForToken(accounts: Accounts): Promise<string> {
  await requestPasswordReset(accounts.deps, ann.email, accounts.client)
  const letter = (await accounts.letters()).findLast(({ kind }) => kind === 'reset')
  return /\?token=([\w-]{43})#/.exec(letter?.text ?? '')?.[1] ?? ''
}
