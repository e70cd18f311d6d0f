import { sql } from 'drizzle-orm'
import type { LedgerRow } from '../../../src/db/ledger.ts'
import type { UsageLimits } from '../../../src/db/usage-tables.ts'
import type { Deps } from '../../../src/deps.ts'
import { getQuota } from '../../../src/modules/usage/get-quota.ts'
import { noteCalls } from '../../../src/modules/usage/note-calls.ts'
import type { Script } from '../../support/upstream-scripts.ts'
import { rows } from '../chat/chat.ts'

/** Gives somebody a plan that nobody else has. */
export async function givePlan(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  limits: UsageLimits,
): Promise<string> {
  const name = `plan-${userId}`
  await db.execute(sql`
    insert into plans (name, limits) values (${name}, ${JSON.stringify(limits)}::text::jsonb)
    on conflict (name) do update set limits = excluded.limits`)
  await db.execute(sql`update users set plan = ${name} where id = ${userId}`)
  return name
}

/** What somebody has used, as the quota says it: `requests_day` and so on. */
export async function usedBy(deps: Deps, userId: number): Promise<Record<string, number>> {
  const { windows } = await getQuota(deps, userId)
  return Object.fromEntries(windows.map(({ unit, period, used }) => [`${unit}_${period}`, used]))
}

/** What is held at this moment for whoever it is. */
export async function held(deps: Pick<Deps, 'db'>) {
  const [row] = await rows<{ tokens: number; reservations: number }>(
    deps,
    sql`select (select coalesce(sum(day_held_tokens + month_held_tokens), 0) from usage_counters)::integer as tokens,
      (select count(*) from usage_reservations)::integer as reservations`,
  )
  return row
}

/** Sums of the ledger. */
export async function ledger(deps: Pick<Deps, 'db'>) {
  const [row] = await rows<{ calls: number; tokens: number }>(
    deps,
    sql`select count(*)::integer as calls, coalesce(sum(prompt_tokens + completion_tokens), 0)::integer as tokens
      from usage_events`,
  )
  return row ?? { calls: 0, tokens: 0 }
}

/** What the ledger would say of calls under way, once so many tokens of them have come. */
export async function notedCalls(deps: Deps, tokens: number): Promise<LedgerRow[]> {
  for (;;) {
    await noteCalls(deps, { youngestMs: 0, staleMs: 0 })
    const notes = await rows<{ entry: LedgerRow }>(deps, sql`select entry from calls_under_way`)
    const entries = notes.map(({ entry }) => entry)
    if (entries.reduce((sum, entry) => sum + entry.completion_tokens, 0) >= tokens) return entries
    await Bun.sleep(10)
  }
}

/** A model that says exactly as much as it may, or 100 tokens. */
export function obedient({ max_tokens }: Record<string, unknown>): Script {
  const tokens = typeof max_tokens === 'number' ? max_tokens : 100
  return {
    tokens,
    usage: { prompt_tokens: 20, completion_tokens: tokens, total_tokens: 20 + tokens },
  }
}
