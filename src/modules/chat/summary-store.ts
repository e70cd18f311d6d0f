import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { enterInLedger, type LedgerRow } from '../../db/ledger.ts'
import { rowsOf } from '../../db/rows.ts'
import type { Summary } from './summary.ts'

export interface NewSummary extends Summary {
  userId: number
  conversationId: string
  /** What it has cost. */
  usage: LedgerRow
  timezone: string
}

/**
 * Keeps a summary, in place of an earlier one of the same messages, and enters what it has cost. False: the messages
 * are gone. `text`: null for one that came to nothing, which costs all the same.
 */
export async function insertSummary(
  db: Db,
  summary: Omit<NewSummary, 'text'> & { text: string | null },
): Promise<boolean> {
  const { userId, conversationId, usage } = summary
  const createdAt = sql`${summary.createdAt.toISOString()}::timestamptz`
  const result = await db.execute(sql`
    with entered as (${enterInLedger([usage], summary.timezone)}), through as (
      -- Whoever is deleting it holds it until it is gone.
      select m.id from messages m
      where m.id = ${summary.throughMessageId}::uuid and m.conversation_id = ${conversationId}::uuid
        and m.user_id = ${userId} and m.status <> 'running' and ${summary.text}::text is not null
      for key share
    )
    insert into summaries (user_id, conversation_id, through_message_id, text, model, tokens, message_count, created_at)
    select ${userId}, ${conversationId}::uuid, id, ${summary.text}, ${summary.model}, ${summary.tokens},
      ${summary.messageCount}, ${createdAt}
    from through
    on conflict (through_message_id) do update set text = excluded.text, model = excluded.model,
      tokens = excluded.tokens, message_count = excluded.message_count, created_at = excluded.created_at
    returning through_message_id`)
  return rowsOf(result).length > 0
}

/** Of the branch that ends with that message, oldest first. */
export async function listSummaries(
  db: Db,
  userId: number,
  conversationId: string,
  leafId: string,
): Promise<Summary[]> {
  const result = await db.execute(sql`
    with recursive branch as (
      select id, parent_id, 1 as depth from messages
      where id = ${leafId}::uuid and conversation_id = ${conversationId}::uuid
      union all
      select m.id, m.parent_id, b.depth + 1 from branch b cross join lateral (
        select id, parent_id from messages where id = b.parent_id offset 0
      ) m
    )
    select s.through_message_id as "throughMessageId", s.text, s.model, s.tokens, s.message_count as "messageCount",
      (extract(epoch from s.created_at) * 1000)::float8 as "createdAtMs"
    from branch join summaries s on s.user_id = ${userId} and s.conversation_id = ${conversationId}::uuid
      and s.through_message_id = branch.id
    order by branch.depth desc`)
  return rowsOf<Omit<Summary, 'createdAt'> & { createdAtMs: number }>(result).map(
    ({ createdAtMs, ...summary }) => ({ ...summary, createdAt: new Date(createdAtMs) }),
  )
}
