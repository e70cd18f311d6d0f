import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Deps } from '../../../src/deps.ts'
import { noteCalls } from '../../../src/modules/usage/calls-under-way.ts'
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

function begin(deps: Deps, userId: number | null, isOneOfMany = true) {
  const ifInterrupted = { kind: 'call', modelId } as const
  const wish = { userId, key: null, prices, promptTokens: 12.6, wantedTokens: 100, ifInterrupted }
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

describeOnBothStacks('calls of a process that dies', (start) => {
  test('are in the ledger once with what is known of them, whatever room they held', async () => {
    await using app = await start()
    const here = app.deps
    const [free, limited] = [await createPerson(here), await createPerson(here)]
    await givePlan(here, free, {})
    await givePlan(here, limited, { requests_day: 100, tokens_day: 10_000 })
    const [ofFree] = [await begin(here, free), await begin(here, limited, false), await begin(here, null)]
    expect((await held(here))?.reservations).toBe(1)
    await noteCalls(here)
    expect(await noted(here)).toEqual([]) // too young
    await noteCalls(here, 0)
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

  test('stay in the ledger as they ended, and are forgotten', async () => {
    await using app = await start()
    const here = app.deps
    const userId = await createPerson(here)
    const calls = [await begin(here, userId), await begin(here, userId)]
    await noteCalls(here, 0)
    await Promise.all(calls.map((call) => settleUsage(here, call, ended)))
    // Killed before it could say that they are over.
    await sweepCalls(otherInstance(here), 0)
    const whole = { ...interrupted, outcome: 'complete', prompt: 7, completion: 90, is_estimated: false }
    expect(await entries(here)).toEqual([whole, whole])

    const last = await begin(here, userId)
    await noteCalls(here, 0)
    await settleUsage(here, last, ended)
    expect((await noted(here)).length).toBe(1)
    await noteCalls(here)
    expect(await noted(here)).toEqual([])
    expect((await ledger(here)).calls).toBe(3)
  })
})
