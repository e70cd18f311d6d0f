import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createSharedMemory } from '../../../src/deps.ts'
import { createToken } from '../../../src/lib/tokens.ts'
import { sweepExpired } from '../../../src/modules/auth/jobs.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { logOut } from '../../../src/modules/auth/log-out.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { deleteUserSessions } from '../../../src/modules/auth/session-store.ts'
import { createSession } from '../../../src/modules/auth/sessions.ts'
import { setPasswordHash } from '../../../src/modules/auth/store.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, openAccounts, whoHas } from './accounts.ts'

describeOnStacks('sessions', (stack) => {
  test('a token tells who it is and by which session', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    const { user, token, expiresAt } = await logInAnn(accounts)
    const credential = await whoHas(deps, token)
    expect(credential).toEqual({
      user,
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      expiresAt,
      lastUsedAt: deps.now(),
    })
  })

  test('what is no token of ours is nobody', async () => {
    await using accounts = await openAccounts(stack)
    const { token } = await logInAnn(accounts)
    for (const other of [
      null,
      '',
      'x',
      createToken(),
      token.slice(1),
      `${token}x`,
      `${token}\u0000`,
      "' or ''='",
    ]) {
      expect(await whoHas(accounts.deps, other)).toBeNull()
    }
  })

  test('it ends a fixed time after the log-in, used or not', async () => {
    await using accounts = await openAccounts(stack, { SESSION_TTL_SECONDS: '100' })
    const { deps } = accounts
    const { token, expiresAt } = await logInAnn(accounts)
    expect(expiresAt).toEqual(new Date(deps.now().getTime() + 100_000))
    accounts.advance(99.5)
    expect(await whoHas(deps, token)).not.toBeNull()
    // Half a second later the answer is still kept, but the session is over.
    accounts.advance(0.5)
    expect(await whoHas(deps, token)).toBeNull()
  })

  test('logging out ends one session at once and leaves the others', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    const one = await logInAnn(accounts)
    const other = await logIn(deps, { identifier: ann.email, password: ann.password }, client)
    expect(await whoHas(deps, one.token)).not.toBeNull()
    await logOut(deps, { cookie: one.token, bearer: null, refreshToken: null })
    expect(await whoHas(deps, one.token)).toBeNull()
    expect(await whoHas(deps, other.token)).not.toBeNull()
    for (const nothing of [null, '', one.token, 'nonsense'])
      await logOut(deps, { cookie: nothing, bearer: null, refreshToken: null })
  })

  test('what another instance revoked is gone within a second', async () => {
    await using accounts = await openAccounts(stack)
    const here = accounts.deps
    const there = { ...here, ...createSharedMemory(here.now) }
    const { token } = await logInAnn(accounts)
    expect(await whoHas(here, token)).not.toBeNull()
    await logOut(there, { cookie: token, bearer: null, refreshToken: null })
    accounts.advance(0.999)
    expect(await whoHas(here, token)).not.toBeNull()
    accounts.advance(0.001)
    expect(await whoHas(here, token)).toBeNull()
  })

  test('a closed account has no session, also within a second', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    const { user, token } = await logInAnn(accounts)
    expect(await whoHas(deps, token)).not.toBeNull()
    await deps.db.execute(sql`update users set is_active = false`)
    accounts.advance(1)
    expect(await whoHas(deps, token)).toBeNull()
    expect(await createSession(deps, user.id, null, accounts.client)).toBeNull()
  })

  test('no session is opened with a password that was changed a moment ago', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    const { user } = await logInAnn(accounts)
    const result = await deps.db.execute(sql`select secret_hash from credentials`)
    const provenHash = rowsOf<{ secret_hash: string }>(result)[0]?.secret_hash ?? ''
    expect(await createSession(deps, user.id, provenHash, client)).not.toBeNull()
    await deps.db.execute(sql`update credentials set secret_hash = 'another'`)
    expect(await createSession(deps, user.id, provenHash, client)).toBeNull()
  })

  test('a log-in that meets a change of the password on its way does not slip through', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    const { user } = await logInAnn(accounts)
    const result = await deps.db.execute(sql`select secret_hash from credentials`)
    const provenHash = rowsOf<{ secret_hash: string }>(result)[0]?.secret_hash ?? ''
    const changed = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const change = deps.db.transaction(async (tx) => {
      await setPasswordHash(tx, user.id, 'another', deps.now())
      await deleteUserSessions(tx, user.id)
      changed.resolve()
      await mayCommit.promise
    })
    await changed.promise
    const session = createSession(deps, user.id, provenHash, client)
    // Time enough for it to reach the database, where it must wait for the change.
    await Bun.sleep(100)
    mayCommit.resolve()
    await change
    expect(await session).toBeNull()
    expect(await countSessions(accounts)).toBe(0)
  })

  test('what has run out is swept out, the rest stays', async () => {
    await using accounts = await openAccounts(stack, { SESSION_TTL_SECONDS: '100' })
    const { deps } = accounts
    const { user } = await logInAnn(accounts)
    await deps.db.execute(sql`
      insert into sessions (id, token_hash, user_id, expires_at)
      select gen_random_uuid(), n::text, ${user.id}, ${deps.now().toISOString()}::timestamptz from generate_series(1, 1500) n`)
    await sweepExpired(deps)
    expect(await countSessions(accounts)).toBe(1)
    accounts.advance(100)
    await sweepExpired(deps)
    expect(await countSessions(accounts)).toBe(0)
  })
})

async function logInAnn({ deps, client }: Accounts) {
  await register(deps, ann, client)
  return logIn(deps, { identifier: ann.email, password: ann.password }, client)
}

async function countSessions({ deps }: Accounts): Promise<number | undefined> {
  return rowsOf<{ n: number }>(await deps.db.execute(sql`select count(*)::int as n from sessions`))[0]?.n
}
