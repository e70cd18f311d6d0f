import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Deps } from '../../../src/deps.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { stopTurn } from '../../../src/modules/chat/stop-turn.ts'
import { sweepTurns } from '../../../src/modules/chat/sweep-turns.ts'
import { foldSums } from '../../../src/modules/usage/jobs.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { createConversation, createPerson, otherInstance, rows } from '../chat/chat.ts'
import { held } from './usage.ts'

const people = 5
const calls = 200

/** What one call meets, and how its row must read. */
interface Fate {
  script: Script
  outcome: string
  /** null: by our estimate, more than nothing. */
  tokens: number | null
  end: 'let be' | 'stop' | 'die'
}

const refusal: Script = { status: 403, body: '{"error":{"message":"no"}}' }

function fateOf(random: number): Fate {
  const prompt = 5 + Math.floor(random * 50)
  const completion = 1 + Math.floor(random * 90)
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
  const hanging: Script = { text: ['so far'], end: 'hang' }
  if (random < 0.5)
    return { script: { usage }, outcome: 'complete', tokens: prompt + completion, end: 'let be' }
  if (random < 0.6) return { script: { usage: null }, outcome: 'complete', tokens: null, end: 'let be' }
  if (random < 0.7) return { script: refusal, outcome: 'failed', tokens: 0, end: 'let be' }
  if (random < 0.8) return { script: { end: 'cut' }, outcome: 'failed', tokens: null, end: 'let be' }
  if (random < 0.9) return { script: hanging, outcome: 'stopped', tokens: null, end: 'stop' }
  return { script: hanging, outcome: 'interrupted', tokens: null, end: 'die' }
}

describeOnBothStacks('a storm of calls that end in every way', (start) => {
  test('is in the ledger to the last token, once, and the figures are the ledger’s', async () => {
    await using app = await start({ MAX_TURNS_PER_USER: '0', TIMEZONE: 'Asia/Kolkata', LLM_MAX_RETRIES: '0' })
    const { deps } = app
    const dying = otherInstance(deps)
    await deps.db.execute(sql`
      insert into plans (name, limits) values ('wide', '{"tokens_month": 100000000, "requests_day": 100000}')`)
    const users = await Promise.all(Array.from({ length: people }, () => createPerson(deps)))
    await deps.db.execute(sql`update users set plan = 'wide' where id % 2 = 0`)
    const fates = new Map<string, Fate>()
    const stopping: Promise<unknown>[] = []
    for (let call = 0; call < calls; call++) {
      const fate = fateOf(Math.random())
      app.upstream.play(fate.script)
      const userId = users[call % people] as number
      const conversationId = await createConversation(deps, userId)
      const at = fate.end === 'die' ? dying : deps
      const asked = app.upstream.requests.length
      const { turnId } = await startTurn(at, userId, { conversationId, content: 'hello' })
      // The scripts are handed out in the order in which they are asked for.
      while (app.upstream.requests.length === asked) await Bun.sleep(0)
      fates.set(turnId, fate)
      if (fate.end === 'stop') stopping.push(stopTurn(deps, userId, turnId))
      if (call % 20 === 0) app.clock.advance(3600)
    }
    await Promise.all([...stopping, ...[...deps.turns.values()].map(({ ended }) => ended)])
    // The other process is gone, and whoever notices ends its turns. What it writes later is written no more.
    await sweepTurns(deps, 0)
    for (const turn of dying.turns.values()) turn.stop('stopped')
    await Promise.all([...dying.turns.values()].map(({ ended }) => ended))

    const written = await rows<Written>(
      deps,
      sql`select e.turn_id as turn, e.outcome, e.prompt_tokens + e.completion_tokens as tokens,
          e.is_estimated as estimated, m.content <> '' as "hasSpoken"
        from usage_events e join turns t on t.id = e.turn_id join messages m on m.id = t.assistant_message_id
        where e.kind = 'turn'`,
    )
    expect(written).toHaveLength(calls)
    for (const { turn, outcome, tokens, estimated, hasSpoken } of written) {
      const fate = fates.get(turn)
      const expected = fate?.tokens ?? tokens
      expect({ fate: fate?.end, outcome, tokens }).toEqual({
        fate: fate?.end,
        outcome: fate?.outcome ?? '',
        tokens: expected,
      })
      expect(estimated).toBe(fate?.outcome !== 'complete' || fate.tokens === null)
      // Of an answer that was cut so soon that nothing of it came, nothing counts.
      if (fate?.tokens === null && (hasSpoken || outcome !== 'failed')) expect(tokens).toBeGreaterThan(0)
    }
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })
    expect(await differences(deps)).toEqual([])
    app.clock.advance(3 * 24 * 3600)
    await foldSums(deps)
    expect(await differences(deps)).toEqual([])
    expect(await rows(deps, sql`select distinct shard from usage_sums order by 1`)).toEqual([
      { shard: 0 },
      { shard: 1 },
      { shard: 9 },
    ])
  }, 120_000)
})

interface Written {
  turn: string
  outcome: string
  tokens: number
  estimated: boolean
  hasSpoken: boolean
}

/** Where sums and counters are not what the ledger adds up to. */
function differences(deps: Deps) {
  return rows(
    deps,
    sql`
    with summed as (
      select user_id, local_at::date as day, extract(hour from local_at)::int as hour, model, count(*) as calls,
        sum(prompt_tokens) as prompt, sum(completion_tokens) as completion, sum(duration_ms) as duration,
        count(*) filter (where outcome = 'failed') as failed, count(*) filter (where is_estimated) as estimated
      from usage_events group by 1, 2, 3, 4
    ), kept as (
      select user_id, day, hour::int, model, calls, prompt_tokens, completion_tokens, duration_ms, failed, estimated
      from usage_sums where shard = 0
    ), everybody as (
      select day, hour, model, sum(calls), sum(prompt), sum(completion), sum(duration), sum(failed), sum(estimated)
      from summed group by 1, 2, 3
    ), together as (
      select day, hour::int, model, sum(calls), sum(prompt_tokens), sum(completion_tokens), sum(duration_ms),
        sum(failed), sum(estimated)
      from usage_sums where shard between 1 and 8 group by 1, 2, 3
    ), "byDay" as (
      select day, model, sum(calls), sum(prompt_tokens), sum(completion_tokens), sum(duration_ms), sum(failed),
        sum(estimated)
      from usage_sums where shard > 8 group by 1, 2
    ), days as (
      select day, model, sum(calls), sum(prompt), sum(completion), sum(duration), sum(failed), sum(estimated)
      from summed group by 1, 2
    ), "inAll" as (
      select user_id, sum(calls), sum(prompt), sum(completion), sum(duration), sum(failed), sum(estimated)
      from summed group by 1
    ), totals as (
      select user_id, sum(calls), sum(prompt_tokens), sum(completion_tokens), sum(duration_ms), sum(failed),
        sum(estimated)
      from usage_totals group by 1
    ), counted as (
      select c.user_id from usage_counters c
      join (select user_id, sum(prompt_tokens + completion_tokens) as tokens,
          count(*) filter (where prompt_tokens + completion_tokens > 0) as requests
        from usage_events group by 1) l on l.user_id = c.user_id
      where c.month_tokens <> l.tokens or c.month_requests <> l.requests
    )
    select 'sums' as what, count(*) as many from ((table summed except table kept) union all (table kept except table summed)) a
      having count(*) > 0
    union all
    select 'totals', count(*) from ((table everybody except table together) union all (table together except table everybody)) b
      having count(*) > 0
    union all
    select 'days', count(*) from ((table days except table "byDay") union all (table "byDay" except table days)) c
      having count(*) > 0
    union all
    select 'in all', count(*) from ((table "inAll" except table totals) union all (table totals except table "inAll")) d
      having count(*) > 0
    union all
    select 'counters', count(*) from counted having count(*) > 0`,
  )
}
