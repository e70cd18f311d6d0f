import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Deps } from '../../../src/deps.ts'
import { noteCalls } from '../../../src/modules/usage/note-calls.ts'
import { reserveUsage, settleUsage } from '../../../src/modules/usage/reserve-usage.ts'
import { sweepCalls } from '../../../src/modules/usage/sweep-calls.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { createPerson, otherInstance, rows } from '../chat/chat.ts'
import { givePlan, held, ledger, usedBy } from './usage.ts'

const modelId = 'deepseek/deepseek-chat'
const prices = { input: 3_000_000, cachedInput: null, output: 9_000_000, reasoning: null }

const ended = {
  kind: 'call',
  modelId,
  tokens: { promptTokens: 7, cachedTokens: 0, completionTokens: 90, reasoningTokens: 0, isEstimated: false },
  images: 0,
  firstTokenMs: 1,
  durationMs: 2,
  outcome: 'complete',
  errorCode: null,
} as const

const interrupted = {
  model: modelId,
  outcome: 'interrupted',
  prompt: 13,
  completion: 0,
  is_estimated: true,
}

const atOnce = { youngestMs: 0, staleMs: 0 }

/** `answer`: what was delivered so far. */
function begin(deps: Deps, userId: number | null, { isOneOfMany = true, answer = { tokens: 0 } } = {}) {
  const soFar = () => {
    const tokens = { ...ended.tokens, promptTokens: 13, completionTokens: answer.tokens, isEstimated: true }
    return { modelId, tokens, firstTokenMs: null }
  }
  const ifInterrupted = { kind: 'call', soFar } as const
  const wish = { userId, key: null, models: [], prices, promptTokens: 12.6, wantedTokens: 100, ifInterrupted }
  return reserveUsage(deps, { ...wish, isOneOfMany })
}

/** The instance says that it lives, or last did so long ago. */
async function beat(deps: Deps, secondsAgo: number): Promise<void> {
  await deps.db.execute(sql`
    insert into instances (id, heartbeat_at)
    values (${deps.instanceId}::uuid, now() - make_interval(secs => ${secondsAgo}::integer))
    on conflict (id) do update set heartbeat_at = excluded.heartbeat_at`)
}

const entries = (deps: Deps) =>
  rows(
    deps,
    sql`select model, outcome, prompt_tokens as prompt, completion_tokens as completion, is_estimated
      from usage_events order by id`,
  )

const noted = (deps: Deps) => rows(deps, sql`select id from calls_under_way`)

const notedTokens = (deps: Deps) =>
  rows<{ tokens: number; count: number }>(
    deps,
    sql`select (entry -> 'completion_tokens')::integer as tokens, count(*)::integer as count
      from calls_under_way group by 1 order by 1`,
  )

describeOnBothStacks('calls of a process that dies', (start) => {
  test('are in the ledger once with what is known of them, whatever room they held', async () => {
    await using app = await start()
    const here = app.deps
    const [free, limited] = [await createPerson(here), await createPerson(here)]
    await givePlan(here, free, {})
    await givePlan(here, limited, { requests_day: 100, tokens_day: 10_000 })
    const [ofFree] = [
      await begin(here, free),
      await begin(here, limited, { isOneOfMany: false }),
      await begin(here, null),
    ]
    expect((await held(here))?.reservations).toBe(1)
    await noteCalls(here, { youngestMs: 60_000 })
    expect(await noted(here)).toEqual([]) // too young
    await noteCalls(here, atOnce)
    expect((await noted(here)).length).toBe(3)

    const others = [otherInstance(here), otherInstance(here)]
    await beat(here, 9)
    await Promise.all(others.map((there) => sweepCalls(there, 10)))
    expect(await entries(here)).toEqual([])
    await beat(here, 11)
    await Promise.all([...others, here].map((there) => sweepCalls(there, 10)))
    expect(await entries(here)).toEqual([interrupted, interrupted, interrupted])
    expect(await usedBy(here, limited)).toMatchObject({ requests_day: 1, tokens_day: 13 })
    expect(await held(here)).toEqual({ tokens: 0, reservations: 0 })
    expect(await noted(here)).toEqual([])
    // It had only been silent, and comes to the end of it.
    await settleUsage(here, ofFree, ended)
    expect((await ledger(here)).calls).toBe(3)
    expect(await usedBy(here, free)).toMatchObject({ requests_day: 1, tokens_day: 13 })
  })

  test('are there with what was delivered of them by then', async () => {
    await using app = await start()
    const here = app.deps
    const [one, another] = [{ tokens: 5 }, { tokens: 0 }]
    const first = await begin(here, null, { answer: one })
    await begin(here, null, { answer: another })
    await noteCalls(here, atOnce)
    const silent = () =>
      rows(here, sql`select entry from calls_under_way where (entry -> 'completion_tokens')::integer = 0`)
    const before = await silent()
    one.tokens = 40
    await noteCalls(here, { staleMs: 60_000 })
    expect(await notedTokens(here)).toEqual([
      { tokens: 0, count: 1 },
      { tokens: 5, count: 1 }, // was noted only now
    ])
    await noteCalls(here, { staleMs: 0 })
    expect(await notedTokens(here)).toEqual([
      { tokens: 0, count: 1 },
      { tokens: 40, count: 1 },
    ])
    expect(await silent()).toEqual(before)

    // Whoever takes this one for dead has the last word.
    await sweepCalls(otherInstance(here), 0)
    const delivered = (completion: number) => ({ ...interrupted, completion })
    expect(await entries(here)).toEqual([delivered(40), delivered(0)])
    one.tokens = another.tokens = 80
    await noteCalls(here, { staleMs: 0 })
    expect(await noted(here)).toEqual([])
    await settleUsage(here, first, ended)
    await noteCalls(here, { staleMs: 0 })
    expect(await entries(here)).toEqual([delivered(40), delivered(0)])
  })

  test('are noted however many they are, and what has ended is not noted again', async () => {
    await using app = await start()
    const here = app.deps
    const answer = { tokens: 1 }
    const calls = await Promise.all(Array.from({ length: 450 }, () => begin(here, null, { answer })))
    await noteCalls(here, atOnce)
    expect(await notedTokens(here)).toEqual([{ tokens: 1, count: 450 }])
    answer.tokens = 2
    const settled = Promise.all(calls.slice(0, 50).map((call) => settleUsage(here, call, ended)))
    // What is known of them by now is how they have ended.
    await noteCalls(here, { staleMs: 0 })
    await settled
    for (let round = 0; round < 2; round++) await noteCalls(here, { staleMs: 0 })
    expect(await notedTokens(here)).toEqual([{ tokens: 2, count: 400 }])
    // Of very many a part at a time, and each in its turn.
    await Promise.all(Array.from({ length: 300 }, () => begin(here, null, { answer })))
    await noteCalls(here, atOnce)
    answer.tokens = 3
    for (const counts of [[500, 200], [300, 400], [100, 600], [700]]) {
      await noteCalls(here, { staleMs: 0 })
      expect((await notedTokens(here)).map(({ count }) => count)).toEqual(counts)
    }
    expect((await ledger(here)).calls).toBe(50)
    await sweepCalls(otherInstance(here), 0)
    expect(await ledger(here)).toEqual({ calls: 750, tokens: 50 * 97 + 700 * 16 })
  })

  test('stay in the ledger as they ended, and are forgotten', async () => {
    await using app = await start()
    const here = app.deps
    const userId = await createPerson(here)
    const calls = [await begin(here, userId), await begin(here, userId)]
    await noteCalls(here, atOnce)
    await Promise.all(calls.map((call) => settleUsage(here, call, ended)))
    // Killed before it could say that they are over.
    await sweepCalls(otherInstance(here), 0)
    const whole = { ...interrupted, outcome: 'complete', prompt: 7, completion: 90, is_estimated: false }
    expect(await entries(here)).toEqual([whole, whole])

    const last = await begin(here, userId)
    await noteCalls(here, atOnce)
    await settleUsage(here, last, ended)
    expect((await noted(here)).length).toBe(1)
    await noteCalls(here)
    expect(await noted(here)).toEqual([])
    expect((await ledger(here)).calls).toBe(3)
  })
})
