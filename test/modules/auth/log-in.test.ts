import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createGate } from '../../../src/lib/gate.ts'
import { hashToken } from '../../../src/lib/tokens.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, errorOf, openAccounts, whoHas } from './accounts.ts'
import { argon2cffi, bcrypt, fourLanes, passwordOfOldHashes } from './old-hashes.ts'

describeOnStacks('logging in', (stack) => {
  test('opens a session of its own each time; only the hash of its token is stored', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, ann, client)
    const first = await logInAsAnn(accounts)
    const second = await logInAsAnn(accounts)
    expect(first.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(second.token).not.toBe(first.token)
    for (const { token } of [first, second]) expect(await whoHas(deps, token)).not.toBeNull()
    const rows = rowsOf<Record<string, unknown>>(
      await deps.db.execute(sql`select * from sessions order by id`),
    )
    expect(rows.map((row) => row.token_hash)).toEqual([first, second].map(({ token }) => hashToken(token)))
    expect(rows[0]).toMatchObject({ ip: client.ip, user_agent: 'test' })
    expect(JSON.stringify(rows)).not.toContain(first.token)
  })

  test('refusals all look alike', async () => {
    await using accounts = await openAccounts(stack, { LIMIT_LOGIN_IP: '0' })
    const { deps, client } = accounts
    await register(deps, ann, client)
    await register(deps, { ...ann, email: 'closed@example.com' }, client)
    await deps.db.execute(sql`update users set is_active = false where email = 'closed@example.com'`)
    await deps.db.execute(
      sql`insert into users (uid, email) values ('000000000000', 'nopassword@example.com')`,
    )
    const tries = [
      [ann.email, 'wrong'],
      [ann.email, ''],
      ['', ann.password],
      [' ', ann.password],
      ['unknown@example.com', ann.password],
      ['closed@example.com', ann.password],
      ['nopassword@example.com', ann.password],
      ['nobody', ann.password],
      ['ann\u0000', ann.password],
      ['\ud800', ann.password],
      ["' or 1=1 --", ann.password],
    ] as const
    for (const [identifier, password] of tries) {
      const refused = await logIn(deps, { identifier, password }, client).catch((error: unknown) => error)
      expect([identifier, refused]).toMatchObject([
        identifier,
        { code: 'invalid_credentials', message: 'Invalid credentials', faults: undefined },
      ])
    }
  })

  test('limits count successes too, but not tries without a name or a password', async () => {
    await using accounts = await openAccounts(stack, { LIMIT_LOGIN_ID: '2/60', LIMIT_LOGIN_IP: '3/60' })
    const { deps, client } = accounts
    await register(deps, ann, client)
    const outcome = (identifier: string, password: string) =>
      logIn(deps, { identifier, password }, client).then(
        () => 'in',
        (error: { code: string }) => error.code,
      )
    for (let i = 0; i < 5; i++) expect(await outcome(ann.email, '')).toBe('invalid_credentials')
    expect(await outcome(ann.email, ann.password)).toBe('in')
    expect(await outcome('ANN@example.com', 'wrong')).toBe('invalid_credentials')
    expect(await outcome(ann.email, ann.password)).toBe('rate_limited')
    expect(await outcome('somebody-else', 'wrong')).toBe('rate_limited')
  })

  test('a username is the same in any Unicode form, also for its limit', async () => {
    await using accounts = await openAccounts(stack, { LIMIT_LOGIN_ID: '3/60' })
    const { deps, client } = accounts
    const decomposed = 'jose\u0301_7'
    await register(deps, { ...ann, email: null, username: decomposed }, client)
    for (const identifier of [decomposed, 'JOS\u00c9_7', '\uff4a\uff4f\uff53\u00e9_7']) {
      const { user } = await logIn(deps, { identifier, password: ann.password }, client)
      expect([identifier, user.username]).toEqual([identifier, 'jos\u00e9_7'])
    }
    const refused = await errorOf(logIn(deps, { identifier: decomposed, password: ann.password }, client))
    expect(refused).toMatchObject({ code: 'rate_limited' })
  })

  test('old hashes are accepted once and replaced by one of today', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    for (const oldHash of [argon2cffi, bcrypt]) {
      await importAccount(accounts, oldHash)
      await logIn(deps, { identifier: 'old@example.com', password: passwordOfOldHashes }, client)
      const newHash = await storedHash(accounts)
      expect(newHash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
      await logIn(deps, { identifier: 'old@example.com', password: passwordOfOldHashes }, client)
      expect(await storedHash(accounts)).toBe(newHash)
    }
  })

  test('a hash is not replaced after a wrong password, nor for its lanes alone', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await importAccount(accounts, argon2cffi)
    await logIn(deps, { identifier: 'old@example.com', password: 'wrong' }, client).catch(() => {})
    expect(await storedHash(accounts)).toBe(argon2cffi)
    await importAccount(accounts, fourLanes)
    await logIn(deps, { identifier: 'old@example.com', password: passwordOfOldHashes }, client)
    expect(await storedHash(accounts)).toBe(fourLanes)
  })

  test('a hash that asks for absurd memory matches nothing and is told in the log', async () => {
    await using accounts = await openAccounts(stack)
    await importAccount(accounts, argon2cffi.replace('m=65536', 'm=4194304'))
    const refused = logIn(
      accounts.deps,
      { identifier: 'old@example.com', password: passwordOfOldHashes },
      accounts.client,
    )
    expect(await errorOf(refused)).toMatchObject({ code: 'invalid_credentials' })
    expect(accounts.log.map((line) => line.msg)).toContain(
      'a stored password hash is of no known kind or too costly',
    )
  })

  test('many log-ins at once with an old hash all get in', async () => {
    await using accounts = await openAccounts(stack)
    await importAccount(accounts, argon2cffi)
    const attempt = { identifier: 'old@example.com', password: passwordOfOldHashes }
    const all = await Promise.all(
      Array.from({ length: 4 }, () => logIn(accounts.deps, attempt, accounts.client)),
    )
    expect(new Set(all.map(({ token }) => token)).size).toBe(4)
    expect(await storedHash(accounts)).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  })

  test('when too many wait to be hashed, the next is asked to come back, known or not', async () => {
    await using accounts = await openAccounts(stack)
    const { deps, client } = accounts
    await register(deps, ann, client)
    const full = { ...deps, hashMemory: createGate({ capacity: 1, maxWaiting: 0 }) }
    for (const identifier of [ann.email, 'unknown@example.com']) {
      const refused = await errorOf(logIn(full, { identifier, password: ann.password }, client))
      expect(refused).toMatchObject({ code: 'dependency_down', retryAfterSeconds: 2 })
    }
  })

  test('neither password nor token is ever written to the log', async () => {
    await using accounts = await openAccounts(stack)
    await register(accounts.deps, ann, accounts.client)
    const { token } = await logInAsAnn(accounts)
    await logIn(accounts.deps, { identifier: ann.email, password: 'wrong-password' }, accounts.client).catch(
      () => {},
    )
    const log = JSON.stringify(accounts.log)
    for (const secret of [ann.password, token, 'wrong-password', '$argon2id'])
      expect(log).not.toContain(secret)
  })
})

function logInAsAnn({ deps, client }: Accounts) {
  return logIn(deps, { identifier: ann.email, password: ann.password }, client)
}

async function importAccount({ deps }: Accounts, hash: string): Promise<void> {
  await deps.db.execute(sql`delete from users where email = 'old@example.com'`)
  await deps.db.execute(sql`
    with imported as (insert into users (uid, email) values ('0123456789ab', 'old@example.com') returning id)
    insert into credentials (user_id, type, secret_hash) select id, 'password', ${hash} from imported`)
}

async function storedHash({ deps }: Accounts): Promise<string | undefined> {
  const result = await deps.db.execute(sql`
    select secret_hash from credentials join users on users.id = user_id where email = 'old@example.com'`)
  return rowsOf<{ secret_hash: string }>(result)[0]?.secret_hash
}
