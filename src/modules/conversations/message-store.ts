import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import type { Message } from './get-message.ts'
import type { BranchMessage } from './read-branch.ts'

// Upwards goes with `offset 0`: joined as it likes, the planner may read a small table anew for each message.

/** From a message upwards until there is enough, oldest first. */
export async function listBranch(
  db: Db,
  userId: number,
  conversationId: string,
  leafId: string,
  { maxChars, maxMessages }: { maxChars: number; maxMessages: number },
): Promise<BranchMessage[]> {
  const result = await db.execute(sql`
    with recursive branch as (
      select id, parent_id, role, content, char_length(content)::bigint as chars, 1 as depth from messages
      where id = ${leafId}::uuid and conversation_id = ${conversationId}::uuid and user_id = ${userId}
      union all
      select m.id, m.parent_id, m.role, m.content, b.chars + char_length(m.content), b.depth + 1
      from branch b cross join lateral (
        select id, parent_id, role, content from messages where id = b.parent_id offset 0
      ) m
      where b.chars < ${maxChars} and b.depth < ${maxMessages}
    ), known as materialized (
      select through_message_id, text, message_count from summaries
      where user_id = ${userId} and conversation_id = ${conversationId}::uuid
    )
    select id, role, content, known.text as summary, known.message_count as summarised
    from branch left join known on known.through_message_id = branch.id order by depth desc`)
  return rowsOf(result)
}

/** The last `limit` messages up to `leafId`, oldest first; empty: it is not of this conversation. */
export async function listMessages(
  db: Db,
  conversationId: string,
  leafId: string,
  limit: number,
): Promise<Message[]> {
  const branch = sql`
    select id, parent_id, 1 as depth from messages
    where id = ${leafId}::uuid and conversation_id = ${conversationId}::uuid
    union all
    select m.id, m.parent_id, b.depth + 1 from found b cross join lateral (
      select id, parent_id from messages where id = b.parent_id offset 0
    ) m
    where b.depth < ${limit}`
  return selectMessages(db, branch)
}

/** A message of a conversation that is not in the bin. */
export async function findMessage(db: Db, userId: number, id: string): Promise<Message | null> {
  const one = sql`
    select m.id, 1 as depth from messages m join conversations c on c.id = m.conversation_id
    where m.id = ${id}::uuid and c.user_id = ${userId} and c.deleted_at is null`
  const [message] = await selectMessages(db, one)
  return message ?? null
}

interface MessageRow extends Omit<Message, 'createdAt' | 'summary'> {
  createdAtMs: number
  summarised: number | null
  summarisedAtMs: number | null
}

/** `found`: ids and how far from the end each is. What a running answer has said so far is in its turn's chunks. */
async function selectMessages(db: Db, found: SQL): Promise<Message[]> {
  const result = await db.execute(sql`
    with recursive found as (${found})
    select m.id, m.conversation_id as "conversationId", m.parent_id as "parentId", m.role,
      coalesce(said.text, m.content) as content, coalesce(nullif(said.reasoning, ''), m.reasoning) as reasoning,
      m.status, m.model, m.finish_reason as "finishReason", m.error_code as "errorCode",
      m.prompt_tokens as "promptTokens", m.completion_tokens as "completionTokens",
      m.is_usage_estimated as "isUsageEstimated", m.cost_micros::float8 as "costMicros",
      m.duration_ms as "durationMs", m.time_to_first_token_ms as "timeToFirstTokenMs",
      m.rating, m.rating_note as "ratingNote",
      summary.message_count as summarised, (extract(epoch from summary.created_at) * 1000)::float8 as "summarisedAtMs",
      (extract(epoch from m.created_at) * 1000)::float8 as "createdAtMs",
      -- In two parts, as no index answers "is not distinct from".
      array(select s.id from (
        select s.id, s.created_at from messages s
        where s.conversation_id = m.conversation_id and s.parent_id = m.parent_id
        union all
        select s.id, s.created_at from messages s
        where m.parent_id is null and s.conversation_id = m.conversation_id and s.parent_id is null
      ) s order by s.created_at, s.id) as siblings
    from found join messages m on m.id = found.id
    left join summaries summary on summary.user_id = m.user_id and summary.conversation_id = m.conversation_id
      and summary.through_message_id = m.id
    left join lateral (
      select string_agg(c.text, '' order by c.seq) as text, string_agg(c.reasoning, '' order by c.seq) as reasoning
      from turns t join turn_chunks c on c.turn_id = t.id
      where m.status = 'running' and t.conversation_id = m.conversation_id and t.state = 'running'
        and t.assistant_message_id = m.id
    ) said on true
    order by found.depth desc`)
  return rowsOf<MessageRow>(result).map(toMessage)
}

function toMessage({ createdAtMs, summarised, summarisedAtMs, ...message }: MessageRow): Message {
  const summary =
    summarised === null || summarisedAtMs === null
      ? null
      : { messageCount: summarised, createdAt: new Date(summarisedAtMs) }
  return { ...message, summary, createdAt: new Date(createdAtMs) }
}

/**
 * null: this person has no such message outside the bin. A question is left as it is: its role tells the caller.
 */
export async function setRating(
  db: Db,
  userId: number,
  id: string,
  { rating, note }: { rating: 'up' | 'down' | null; note: string | null },
): Promise<{ conversationId: string; role: 'user' | 'assistant' } | null> {
  const result = await db.execute(sql`
    with found as (
      select m.id, m.conversation_id, m.role from messages m join conversations c on c.id = m.conversation_id
      where m.id = ${id}::uuid and c.user_id = ${userId} and c.deleted_at is null
    ), rated as (
      update messages set rating = ${rating}, rating_note = ${note}
      from found where messages.id = found.id and found.role = 'assistant'
    )
    select conversation_id as "conversationId", role from found`)
  return rowsOf<{ conversationId: string; role: 'user' | 'assistant' }>(result)[0] ?? null
}
