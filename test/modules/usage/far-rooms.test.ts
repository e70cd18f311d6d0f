import { expect, test } from 'bun:test'
import { createId } from '../../../src/lib/ids.ts'
import { getQuota } from '../../../src/modules/usage/get-quota.ts'
import { releaseUsage, reserveUsage, settleUsage } from '../../../src/modules/usage/reserve-usage.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { createPerson } from '../chat/chat.ts'
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
  const tokens = { prices: null, promptTokens: 10, wantedTokens: 90 }
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
})
