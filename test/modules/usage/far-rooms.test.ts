import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createId } from '../../../src/lib/ids.ts'
import { hastenUsage } from '../../../src/modules/usage/enter-usage.ts'
import { getQuota } from '../../../src/modules/usage/get-quota.ts'
import { releaseUsage, reserveUsage, settleUsage } from '../../../src/modules/usage/reserve-usage.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { createPerson, rows } from '../chat/chat.ts'
import { givePlan, held, ledger, usedBy } from './usage.ts'

const ended = {
  kind: 'call',
  modelId: 'deepseek/deepseek-chat',
  tokens: { promptTokens: 10, cachedTokens: 0, completionTokens: 90, reasoningTokens: 0, isEstimated: false },
  images: 0,
  firstTokenMs: 1,
  durationMs: 2,
  outcome: 'complete',
  errorCode: null,
} as const

function wishOf(userId: number, key: { id: string; limits: object } | null = null) {
  const tokens = { models: [], prices: null, promptTokens: 10, wantedTokens: 90 }
  return { userId, key, ...tokens, ifInterrupted: null, isOneOfMany: true }
}

/** Asks so often at once; the reservations, and how many were refused. */
async function takeMany({ deps }: TestApp, wish: ReturnType<typeof wishOf>, count: number) {
  const tries = await Promise.allSettled(Array.from({ length: count }, () => reserveUsage(deps, wish)))
  const taken = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  return { taken, refused: count - taken.length }
}

describeOnBothStacks('calls far from every limit', (start) => {
  test('hold no room, and count all the same', async () => {
    await using app = await start()
    const userId = await createPerson(app.deps)
    await givePlan(app.deps, userId, { requests_day: 1000, tokens_day: 1_000_000 })
    const { taken } = await takeMany(app, wishOf(userId), 20)
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
    await Promise.all(taken.map((one) => settleUsage(app.deps, one, ended)))
    expect(await usedBy(app.deps, userId)).toMatchObject({ requests_day: 20, tokens_day: 2000 })
  })

  test('are held once others come near, who get the rest and not one more', async () => {
    await using app = await start()
    const userId = await createPerson(app.deps)
    await givePlan(app.deps, userId, { requests_day: 100, tokens_day: 9000 })
    const { taken, refused } = await takeMany(app, wishOf(userId), 200)
    expect({ taken: taken.length, refused }).toEqual({ taken: 90, refused: 110 })
    expect(await held(app.deps)).toEqual({ tokens: 2 * 9000, reservations: 90 })
    await Promise.all(taken.map((one) => settleUsage(app.deps, one, ended)))
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
    expect(await usedBy(app.deps, userId)).toMatchObject({ requests_day: 90, tokens_day: 9000 })
    expect(await errorOf(reserveUsage(app.deps, wishOf(userId)))).toMatchObject({ code: 'quota_exceeded' })
    expect((await ledger(app.deps)).calls).toBe(90)
  })

  test('are within the limits of their key as well, and take nothing when they were never made', async () => {
    await using app = await start()
    const userId = await createPerson(app.deps)
    await givePlan(app.deps, userId, {})
    const key = { id: createId(), limits: { requests_day: 40 } }
    const { taken, refused } = await takeMany(app, wishOf(userId, key), 50)
    expect({ taken: taken.length, refused }).toEqual({ taken: 40, refused: 10 })
    await Promise.all(taken.map((one) => releaseUsage(app.deps, one)))
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
    const { windows } = await getQuota(app.deps, userId)
    expect(windows[0]?.used).toBe(0)
    expect((await takeMany(app, wishOf(userId, key), 50)).taken).toHaveLength(40)
  })

  test('use up the limits of their key one after the other, however far each is from them', async () => {
    await using app = await start()
    const { deps } = app
    const userId = await createPerson(deps)
    await givePlan(deps, userId, {})
    // For a call of 100 tokens, of a millionth each.
    for (const limits of [{ requests_day: 40 }, { tokens_day: 4000 }, { cost_day: 4000 }]) {
      const key = await createKey(deps, userId, limits)
      expect(await settleOneByOne(app, wishOf(userId, key), 41)).toEqual({ settled: 40, refused: 1 })
      expect(await usedByKey(deps, key.id)).toEqual({ requests: 40, tokens: 4000, cost: 4000 })
    }
    const unlimited = await createKey(deps, userId, {})
    expect(await settleOneByOne(app, wishOf(userId, unlimited), 3)).toEqual({ settled: 3, refused: 0 })
    // What no limit is for need not be counted either.
    expect(await usedByKey(deps, unlimited.id)).toBeUndefined()
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 123, tokens_day: 12_300 })
  })
})

/** Each a second after the one before has ended, when all is read anew. */
async function settleOneByOne({ deps }: TestApp, wish: ReturnType<typeof wishOf>, count: number) {
  let settled = 0
  for (let asked = 0; asked < count; asked += 1) {
    deps.farRooms.clear()
    const reservation = await reserveUsage(deps, { ...wish, prices }).catch(() => null)
    if (reservation === null) continue
    const settling = settleUsage(deps, reservation, { ...ended, costMicros: 100 })
    await hastenUsage(deps, wish.userId)
    await settling
    settled += 1
  }
  return { settled, refused: count - settled }
}

const prices = { input: 1_000_000, cachedInput: null, output: 1_000_000, reasoning: null }

async function createKey({ db }: TestApp['deps'], userId: number, limits: object) {
  const id = createId()
  await db.execute(sql`
    insert into api_keys (id, user_id, name, key_hash, ending, scopes, limits)
    values (${id}, ${userId}, 'a program', ${id}, 'last', '["chat"]', ${JSON.stringify(limits)}::text::jsonb)`)
  return { id, limits }
}

async function usedByKey(deps: TestApp['deps'], id: string) {
  const [row] = await rows(
    deps,
    sql`select day_requests::integer as requests, day_tokens::integer as tokens, day_cost::integer as cost
      from usage_counters where holder = ${`key:${id}`}`,
  )
  return row
}
