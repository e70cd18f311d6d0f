import { expect, test } from 'bun:test'
import type { Deps } from '../../../src/deps.ts'
import { getQuota } from '../../../src/modules/usage/get-quota.ts'
import { removeOverride, setOverride } from '../../../src/modules/usage/plans.ts'
import { type Reservation, reserveUsage, settleUsage } from '../../../src/modules/usage/reserve-usage.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { errorOf } from '../auth/accounts.ts'
import { setUp } from '../chat/chat.ts'
import { givePlan, held, usedBy } from './usage.ts'

/** Fourteen hours ahead of UTC: from 10:00 on it is tomorrow there. */
const ahead = 'Pacific/Kiritimati'

const moveTo = ({ deps, userId }: { deps: Deps; userId: number }, timezone: string | null) =>
  deps.db.transaction((tx) =>
    timezone === null
      ? removeOverride(deps, tx, userId)
      : setOverride(deps, tx, userId, { limits: {}, timezone }),
  )

const begin = (deps: Deps, userId: number, key: string | null = null) =>
  reserveUsage(deps, {
    userId,
    key: key === null ? null : { id: key, limits: { requests_day: 100 } },
    models: [],
    prices: null,
    promptTokens: 10,
    wantedTokens: 90,
    ifInterrupted: null,
  })

const end = (deps: Deps, reservation: Reservation) =>
  settleUsage(deps, reservation, {
    kind: 'call',
    outcome: 'complete',
    modelId: 'openai/gpt',
    tokens: {
      promptTokens: 10,
      completionTokens: 20,
      cachedTokens: 0,
      reasoningTokens: 0,
      isEstimated: false,
    },
    images: 0,
    firstTokenMs: null,
    durationMs: 1,
    errorCode: null,
  })

async function resetOf(deps: Deps, userId: number): Promise<string | undefined> {
  const { windows } = await getQuota(deps, userId)
  return windows.find(({ period }) => period === 'day')?.resetsAt.toISOString()
}

describeOnBothStacks('a clock that is set otherwise', (start) => {
  test('ends the day with the day there is, and what was used stays used', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    await givePlan(deps, userId, { requests_day: 3, tokens_day: 1000 })
    await moveTo(at, ahead)
    await end(deps, await begin(deps, userId))
    const underWay = await begin(deps, userId)
    expect(await resetOf(deps, userId)).toBe('2026-03-02T10:00:00.000Z')

    await moveTo(at, null)
    expect(await resetOf(deps, userId)).toBe('2026-03-02T00:00:00.000Z')
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 2, tokens_day: 30 })
    // What was held by the other clock is settled by this one.
    await end(deps, underWay)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 2, tokens_day: 60 })
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })
    await end(deps, await begin(deps, userId))
    expect(await errorOf(begin(deps, userId))).toMatchObject({
      code: 'quota_exceeded',
      extra: { used: 3, resets_at: '2026-03-02T00:00:00.000Z' },
    })
    at.app.clock.advance(12 * 3600)
    await end(deps, await begin(deps, userId))
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 1, tokens_day: 30, tokens_month: 120 })
  })

  test('counts in the day that has begun there what was used since then, and no more', async () => {
    await using at = await setUp(start)
    const { deps, userId } = at
    const key = crypto.randomUUID()
    await givePlan(deps, userId, { requests_day: 3, tokens_day: 1000, requests_month: 100 })
    at.app.clock.advance(29 * 24 * 3600 + 21 * 3600) // 09:00 of March 31st
    await end(deps, await begin(deps, userId))
    await end(deps, await begin(deps, userId, key))
    at.app.clock.advance(2 * 3600) // it is April there since 10:00
    const underWay = await begin(deps, userId, key)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 3, tokens_day: 60, requests_month: 3 })

    await moveTo(at, ahead)
    expect(await resetOf(deps, userId)).toBe('2026-04-01T10:00:00.000Z')
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 1, tokens_day: 0, requests_month: 1 })
    await end(deps, underWay)
    await end(deps, await begin(deps, userId, key))
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 2, tokens_day: 60, tokens_month: 60 })
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })

    // To and fro: nobody gets more by it.
    await moveTo(at, null)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 4, tokens_day: 120, requests_month: 4 })
    await moveTo(at, ahead)
    expect(await usedBy(deps, userId)).toMatchObject({ requests_day: 2, tokens_day: 60, requests_month: 2 })
    await end(deps, await begin(deps, userId))
    expect(await errorOf(begin(deps, userId))).toMatchObject({ extra: { unit: 'requests', used: 3 } })
  })
})
