import { expect, spyOn, test } from 'bun:test'
import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'drizzle-orm'
import type { Db } from '../../../src/db/db.ts'
import { rowsOf } from '../../../src/db/rows.ts'
import { costOf } from '../../../src/modules/auth/hash-cost.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { requestPasswordReset } from '../../../src/modules/auth/request-password-reset.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, openAccounts } from './accounts.ts'
import { argon2cffi, bcrypt } from './old-hashes.ts'

const unlimited = { LIMIT_LOGIN_IP: '0', LIMIT_FORGOT_IP: '0', LIMIT_REGISTER_IP: '0' }

describeOnStacks('what time could tell', (stack) => {
  test('a refused log-in does the same work whether or not there is such an account', async () => {
    await using accounts = await openAccounts(stack, unlimited)
    await register(accounts.deps, ann, accounts.client)
    await register(accounts.deps, { ...ann, email: 'closed@example.com' }, accounts.client)
    await accounts.deps.db.execute(sql`update users set is_active = false where email = 'closed@example.com'`)
    await accounts.deps.db.execute(
      sql`insert into users (uid, email) values ('000000000000', 'bare@example.com')`,
    )
    const names = [ann.email, 'unknown@example.com', 'closed@example.com', 'bare@example.com']
    await workOf(accounts, () => tryToLogIn(accounts, ann.email))
    for (const name of names) {
      expect([name, await workOf(accounts, () => tryToLogIn(accounts, name))]).toEqual([
        name,
        { hashes: ['argon2id:m=19456,t=2,p=1'], queries: 1 },
      ])
    }
  })

  test('while old hashes are there, every refusal costs as much as all kinds together', async () => {
    await using accounts = await openAccounts(stack, unlimited)
    await register(accounts.deps, ann, accounts.client)
    await importAccount(accounts, 'argon@example.com', argon2cffi)
    await importAccount(accounts, 'bcrypt@example.com', bcrypt)
    const names = [ann.email, 'argon@example.com', 'bcrypt@example.com', 'unknown@example.com', 'nobody']
    await workOf(accounts, () => tryToLogIn(accounts, ann.email))
    for (const name of names) {
      expect([name, await workOf(accounts, () => tryToLogIn(accounts, name))]).toEqual([
        name,
        { hashes: ['argon2id:m=19456,t=2,p=1', 'argon2id:m=65536,t=3,p=4', 'bcrypt:10'], queries: 1 },
      ])
    }
  })

  test('a kind of hash that was imported a moment ago is noticed with the first log-in of its owner', async () => {
    await using accounts = await openAccounts(stack, unlimited)
    await tryToLogIn(accounts, 'unknown@example.com')
    await importAccount(accounts, 'bcrypt@example.com', bcrypt)
    await tryToLogIn(accounts, 'bcrypt@example.com')
    const { hashes } = await workOf(accounts, () => tryToLogIn(accounts, 'unknown@example.com'))
    expect(hashes).toEqual(['argon2id:m=19456,t=2,p=1', 'bcrypt:10'])
  })

  test('asking for a reset does the same work, to the same rows of the outbox, for everybody', async () => {
    await using accounts = await openAccounts(stack, unlimited)
    const { deps, client } = accounts
    await register(deps, ann, client)
    await register(deps, { ...ann, email: 'closed@example.com' }, client)
    await deps.db.execute(sql`update users set is_active = false where email = 'closed@example.com'`)
    await accounts.letters()
    for (const identifier of [ann.email, 'unknown@example.com', 'closed@example.com', 'no address']) {
      const work = await workOf(accounts, () => requestPasswordReset(deps, identifier, client))
      expect([identifier, work]).toEqual([identifier, { hashes: [], queries: 3 }])
    }
    const letters = await accounts.letters()
    expect(letters.filter(({ kind }) => kind === 'reset').map(({ to }) => to)).toEqual([ann.email])
    expect(await countRows(deps.db)).toEqual({ outbox: 0, tokens: 1 })
  })
})

/** The hashes that were verified, by cost, and the number of queries; not those of anything else in this process. */
async function workOf({ deps }: Accounts, act: () => Promise<unknown>) {
  const isOurs = new AsyncLocalStorage<boolean>()
  const hashes: string[] = []
  let queries = 0
  const verify = Bun.password.verify
  const verifySpy = spyOn(Bun.password, 'verify').mockImplementation((password, hash, algorithm) => {
    hashes.push(costOf(String(hash))?.name ?? String(hash))
    return verify(password, hash, algorithm)
  })
  const session = (deps.db as unknown as { session: { prepareQuery: (...args: unknown[]) => unknown } })
    .session
  const sessionClass = Object.getPrototypeOf(session) as typeof session
  const prepare = sessionClass.prepareQuery
  const prepareSpy = spyOn(sessionClass, 'prepareQuery').mockImplementation(function (
    this: unknown,
    ...args: unknown[]
  ) {
    if (isOurs.getStore()) queries++
    return prepare.apply(this, args)
  })
  try {
    await isOurs.run(true, act)
    return { hashes, queries }
  } finally {
    verifySpy.mockRestore()
    prepareSpy.mockRestore()
  }
}

function tryToLogIn({ deps, client }: Accounts, identifier: string): Promise<unknown> {
  return logIn(deps, { identifier, password: 'not the password' }, client).catch(() => {})
}

async function importAccount({ deps }: Accounts, email: string, hash: string): Promise<void> {
  await deps.db.execute(sql`
    with imported as (insert into users (uid, email) values (${email}, ${email}) returning id)
    insert into credentials (user_id, type, secret_hash) select id, 'password', ${hash} from imported`)
}

async function countRows(db: Db) {
  const result = await db.execute(sql`select (select count(*)::int from mail_outbox) as outbox,
    (select count(*)::int from password_reset_tokens) as tokens`)
  return rowsOf<object>(result)[0]
}
