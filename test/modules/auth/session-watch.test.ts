import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createSharedMemory } from '../../../src/deps.ts'
import { closeEndedStreams, startAuthJobs } from '../../../src/modules/auth/jobs.ts'
import { logIn } from '../../../src/modules/auth/log-in.ts'
import { logOut } from '../../../src/modules/auth/log-out.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { resolveToken } from '../../../src/modules/auth/resolve-credential.ts'
import { watchSession } from '../../../src/modules/auth/watch-session.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { type Accounts, ann, openAccounts, whoHas } from './accounts.ts'

describeOnStacks('connections that are open on the strength of a session', (stack) => {
  test('close at once when it is ended here, and only those', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    const [one, other] = [await openSession(accounts), await openSession(accounts)]
    const closed: string[] = []
    for (const name of ['a', 'b']) watchSession(deps, one.sessionId, () => void closed.push(name))
    watchSession(deps, other.sessionId, () => void closed.push('other'))
    const unwatch = watchSession(deps, one.sessionId, () => void closed.push('over already'))
    unwatch()
    await logOut(deps, { cookie: one.token, bearer: null, refreshToken: null })
    expect(closed).toEqual(['a', 'b'])
    expect(deps.openStreams.size).toBe(1)
  })

  test('one that cannot be closed keeps none of the others open', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    const { sessionId, token } = await openSession(accounts)
    let isClosed = false
    watchSession(deps, sessionId, () => {
      throw new Error('broken')
    })
    watchSession(deps, sessionId, () => {
      isClosed = true
    })
    await logOut(deps, { cookie: token, bearer: null, refreshToken: null })
    expect([isClosed, deps.openStreams.size]).toEqual([true, 0])
  })

  test('close at the next look when another instance ended it, it ran out, or the account was closed', async () => {
    await using accounts = await openAccounts(stack, { SESSION_TTL_SECONDS: '100' })
    const here = accounts.deps
    const there = { ...here, ...createSharedMemory(here.now) }
    await register(here, ann, accounts.client)
    const closed: string[] = []
    const open = async (name: string) => {
      const session = await openSession(accounts)
      watchSession(here, session.sessionId, () => void closed.push(name))
      return session
    }
    const ended = await open('ended')
    accounts.advance(50)
    await open('lives')
    await closeEndedStreams(here)
    expect(closed).toEqual([])
    await logOut(there, { cookie: ended.token, bearer: null, refreshToken: null })
    await closeEndedStreams(here)
    expect(closed).toEqual(['ended'])
    accounts.advance(99)
    await open('later')
    await closeEndedStreams(here)
    expect(closed).toEqual(['ended'])
    accounts.advance(1)
    await closeEndedStreams(here)
    expect(closed).toEqual(['ended', 'lives'])
    await here.db.execute(sql`update users set is_active = false`)
    await closeEndedStreams(here)
    expect(closed).toEqual(['ended', 'lives', 'later'])
    expect(here.openStreams.size).toBe(0)
  })

  test('thousands are asked for with one query, none with none', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    const { sessionId } = await openSession(accounts)
    let queries = 0
    const db = new Proxy(deps.db, {
      get(target, name, receiver) {
        if (name === 'select' || name === 'execute') queries++
        return Reflect.get(target, name, receiver)
      },
    })
    await closeEndedStreams({ ...deps, db })
    expect(queries).toBe(0)
    let closed = 0
    for (let i = 0; i < 20; i++) watchSession(deps, sessionId, () => void closed++)
    for (let i = 0; i < 5000; i++) watchSession(deps, Bun.randomUUIDv7(), () => void closed++)
    await closeEndedStreams({ ...deps, db })
    expect([queries, closed, deps.openStreams.size]).toEqual([1, 5000, 20])
  })

  test('the job looks again and again, also after a failure', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    const { sessionId } = await openSession(accounts)
    let isBroken = true
    const db = new Proxy(deps.db, {
      get(target, name, receiver) {
        if (isBroken && name === 'select') {
          isBroken = false
          throw new Error('away')
        }
        return Reflect.get(target, name, receiver)
      },
    })
    const closed = Promise.withResolvers<void>()
    watchSession(deps, sessionId, closed.resolve)
    const job = startAuthJobs({ ...deps, db })
    await deps.db.execute(sql`delete from sessions`)
    await closed.promise
    await job.stop()
    expect(isBroken).toBe(false)
  })
})

describeOnStacks('the last use of a session', (stack) => {
  test('is written beside the request, once a minute', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    const { token } = await openSession(accounts)
    const loggedInAt = deps.now()
    let writes = 0
    const db = new Proxy(deps.db, {
      get(target, name, receiver) {
        if (name === 'execute') writes++
        return Reflect.get(target, name, receiver)
      },
    })
    const use = () => whoHas({ ...deps, db }, token)
    for (let i = 0; i < 3; i++) {
      accounts.advance(19)
      await use()
    }
    expect([writes, await lastUse(accounts)]).toEqual([0, loggedInAt])
    accounts.advance(3)
    for (let i = 0; i < 3; i++) await use()
    expect(writes).toBe(1)
    const usedAt = deps.now()
    while ((await lastUse(accounts)).getTime() !== usedAt.getTime()) await Bun.sleep(5)
    accounts.advance(59)
    await use()
    expect(writes).toBe(1)
  })

  test('delays nobody and fails quietly', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    await register(deps, ann, accounts.client)
    const { token } = await openSession(accounts)
    accounts.advance(61)
    const failing = Promise.withResolvers<never>()
    const db = new Proxy(deps.db, {
      get(target, name, receiver) {
        return name === 'execute' ? () => failing.promise : Reflect.get(target, name, receiver)
      },
    })
    expect(await resolveToken({ ...deps, db }, { cookie: token, bearer: null })).not.toBeNull()
    failing.reject(new Error('the database is away'))
    while (!accounts.log.some(({ msg }) => String(msg).includes('last use'))) await Bun.sleep(1)
  })
})

async function openSession({ deps, client }: Accounts) {
  const { token } = await logIn(deps, { identifier: ann.email, password: ann.password }, client)
  const credential = await whoHas(deps, token)
  return { token, sessionId: credential?.sessionId ?? '' }
}

async function lastUse({ deps }: Accounts): Promise<Date> {
  const result = await deps.db.execute(
    sql`select (extract(epoch from last_used_at) * 1000)::float8 as at from sessions`,
  )
  return new Date(rowsOf<{ at: number }>(result)[0]?.at ?? 0)
}
