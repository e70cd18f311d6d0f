import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { sweepExpired } from '../../../src/modules/auth/jobs.ts'
import { logInWithTokens } from '../../../src/modules/auth/log-in.ts'
import { logOut } from '../../../src/modules/auth/log-out.ts'
import { refreshSession } from '../../../src/modules/auth/refresh-session.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { resolveToken } from '../../../src/modules/auth/resolve-credential.ts'
import type { Tokens } from '../../../src/modules/auth/sessions.ts'
import { watchSession } from '../../../src/modules/auth/watch-session.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, errorOf, openAccounts } from './accounts.ts'

const hour = 3600
const day = 24 * hour
const refused = { code: 'unauthenticated' }

describeOnStacks('refreshing', (stack) => {
  test('gives new tokens for the same session, as often as one likes', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    let tokens: Tokens = await logInAnn(accounts)
    const first = await whoHasToken(accounts, tokens.accessToken)
    for (let i = 0; i < 3; i++) {
      accounts.advance(hour)
      const next = await refreshSession(deps, tokens.refreshToken)
      expect(next.expiresInSeconds).toBe(900)
      expect(next.refreshToken).not.toBe(tokens.refreshToken)
      const credential = await whoHasToken(accounts, next.accessToken)
      expect(credential).toMatchObject({ sessionId: first?.sessionId, user: first?.user })
      tokens = next
    }
    expect(await countRows(accounts)).toEqual({ sessions: 1, tokens: 4 })
  })

  test('what is no refresh token gives nothing and harms nobody', async () => {
    await using accounts = await openAccounts(stack)
    const tokens = await logInAnn(accounts)
    for (const nonsense of ['', 'x', 'x'.repeat(43), '\u0000'.repeat(43), tokens.accessToken, "' or ''='"]) {
      expect(await errorOf(refreshSession(accounts.deps, nonsense))).toMatchObject(refused)
    }
    await refreshSession(accounts.deps, tokens.refreshToken)
  })

  test('a token that comes back ends the session, with all its tokens and open connections', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    const stolen = await logInAnn(accounts)
    const other = await logInAgain(accounts)
    const second = await refreshSession(deps, stolen.refreshToken)
    const third = await refreshSession(deps, second.refreshToken)
    const credential = await whoHasToken(accounts, third.accessToken)
    const closed = Promise.withResolvers<void>()
    watchSession(deps, credential?.sessionId ?? '', closed.resolve)

    expect(await errorOf(refreshSession(deps, stolen.refreshToken))).toMatchObject(refused)
    await closed.promise
    expect(await whoHasToken(accounts, third.accessToken)).toBeNull()
    expect(await errorOf(refreshSession(deps, third.refreshToken))).toMatchObject(refused)
    expect(accounts.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        userId: credential?.user.id,
        sessionId: credential?.sessionId,
      }),
    )
    await refreshSession(deps, other.refreshToken)
  })

  test('of many exchanges of one token at once exactly one works, and the session ends', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    for (let round = 0; round < 5; round++) {
      const tokens = round === 0 ? await logInAnn(accounts) : await logInAgain(accounts)
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, () => refreshSession(deps, tokens.refreshToken).catch(() => null)),
      )
      const [won, ...others] = outcomes.filter((outcome) => outcome !== null)
      expect([won !== undefined, others]).toEqual([true, []])
      expect(await errorOf(refreshSession(deps, won?.refreshToken ?? ''))).toMatchObject(refused)
    }
    expect(await countRows(accounts)).toEqual({ sessions: 0, tokens: 0 })
  })

  test('an exchange that meets a log-out either comes first or gives nothing', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    for (let round = 0; round < 10; round++) {
      const { accessToken, refreshToken } = await logInAgain(accounts)
      const shown = { cookie: null, bearer: accessToken, refreshToken: null }
      const [next] = await Promise.all([
        refreshSession(deps, refreshToken).catch((error) => error),
        logOut(deps, shown),
      ])
      if ('refreshToken' in next) {
        expect(await errorOf(refreshSession(deps, next.refreshToken))).toMatchObject(refused)
      } else expect(next).toMatchObject(refused)
      expect(await countRows(accounts)).toEqual({ sessions: 0, tokens: 0 })
    }
  })

  test('whoever is silent for thirty days has to log in again', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    const { refreshToken } = await logInAnn(accounts)
    const late = await logInAgain(accounts)
    accounts.advance(30 * day - 1)
    await refreshSession(deps, refreshToken)
    accounts.advance(1)
    expect(await errorOf(refreshSession(deps, late.refreshToken))).toMatchObject(refused)
  })

  test('and so has everybody ninety days after the log-in', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    let tokens: Tokens = await logInAnn(accounts)
    for (const days of [29, 29, 29]) {
      accounts.advance(days * day)
      tokens = await refreshSession(deps, tokens.refreshToken)
    }
    accounts.advance(3 * day - 600)
    tokens = await refreshSession(deps, tokens.refreshToken)
    // The access token does not outlast the session either.
    expect(tokens.expiresInSeconds).toBe(600)
    accounts.advance(600)
    expect(await errorOf(refreshSession(deps, tokens.refreshToken))).toMatchObject(refused)
  })

  test('used tokens are swept out when they would have run out, and not before', async () => {
    await using accounts = await openAccounts(stack, {
      REFRESH_TOKEN_TTL_SECONDS: '1000',
      REFRESH_MAX_SECONDS: '3000',
    })
    const { deps } = accounts
    const first = await logInAnn(accounts)
    accounts.advance(900)
    await refreshSession(deps, first.refreshToken)
    await sweepExpired(deps)
    expect(await countRows(accounts)).toEqual({ sessions: 1, tokens: 2 })
    accounts.advance(100)
    await sweepExpired(deps)
    expect(await countRows(accounts)).toEqual({ sessions: 1, tokens: 1 })
    accounts.advance(900)
    await sweepExpired(deps)
    expect(await countRows(accounts)).toEqual({ sessions: 0, tokens: 0 })
  })
})

async function logInAnn(accounts: Accounts) {
  await register(accounts.deps, ann, accounts.client)
  return logInAgain(accounts)
}

async function logInAgain({ deps, client }: Accounts) {
  await deps.kv.delete(`rl:login:ip:${client.ip}`)
  await deps.kv.delete(`rl:login:id:${ann.email}`)
  return logInWithTokens(deps, { identifier: ann.email, password: ann.password }, client)
}

function whoHasToken({ deps }: Accounts, bearer: string) {
  return resolveToken(deps, { cookie: null, bearer })
}

async function countRows({ deps }: Accounts): Promise<{ sessions: number; tokens: number } | undefined> {
  const result = await deps.db.execute(sql`
    select (select count(*)::int from sessions) as sessions, (select count(*)::int from refresh_tokens) as tokens`)
  return rowsOf<{ sessions: number; tokens: number }>(result)[0]
}
