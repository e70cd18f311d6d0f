import { sql } from 'drizzle-orm'
import type { LedgerRow } from '../../../src/db/ledger.ts'
import { createId } from '../../../src/lib/ids.ts'
import { enterUsage } from '../../../src/modules/usage/enter-usage.ts'
import type { AdminApp } from '../admin/admin.ts'
import { rows } from '../chat/chat.ts'

/** Enters rows in the ledger, as calls that have ended do. `uid` null: a visitor's. */
export async function enter(
  { app }: AdminApp,
  uid: string | null,
  entries: Partial<LedgerRow>[],
): Promise<void> {
  const [user] =
    uid === null
      ? []
      : await rows<{ id: number }>(app.deps, sql`select id::integer as id from users where uid = ${uid}`)
  await Promise.all(entries.map((entry) => enterUsage(app.deps, rowOf(entry, user?.id ?? null))))
}

/** A row of the ledger that says nothing but this. */
export function rowOf(entry: Partial<LedgerRow>, userId: number | null): LedgerRow {
  const { model = 'a/one' } = entry
  return {
    id: createId(),
    user_id: userId,
    key_id: null,
    kind: 'turn',
    turn_id: null,
    provider: model.split('/')[0] ?? '',
    prompt_tokens: 0,
    cached_tokens: 0,
    completion_tokens: 0,
    reasoning_tokens: 0,
    images: 0,
    is_estimated: false,
    cost_micros: null,
    time_to_first_token_ms: null,
    duration_ms: 100,
    outcome: 'complete',
    error_code: null,
    created_at: '2026-03-01T12:00:00Z',
    ...entry,
    model,
  }
}
