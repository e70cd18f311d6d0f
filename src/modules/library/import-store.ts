import { type SQL, sql } from 'drizzle-orm'
import type { Parameters } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** What is known of a conversation of an archive. */
export interface Source {
  userId: number
  format: string
  sourceId: string
  hash: string
}

/**
 * The hash with which it was imported; `''`: it is one of the person's own, by its id. null: it is not here, or in the
 * bin.
 */
export async function findImported(
  db: Db,
  { userId, format, sourceId }: Source,
  ownId: string | null,
): Promise<string | null> {
  const result = await db.execute(sql`
    select s.hash from conversation_sources s join conversations c on c.id = s.conversation_id
    where s.user_id = ${userId} and s.format = ${format} and s.source_id = ${sourceId} and c.deleted_at is null
    union all
    select '' from conversations c
    where c.id = ${ownId}::uuid and c.user_id = ${userId} and c.deleted_at is null
    limit 1`)
  return rowsOf<{ hash: string }>(result)[0]?.hash ?? null
}

export interface NewImport {
  id: string
  title: string | null
  /** As `integer[]`; null: no title. */
  titleTerms: string | null
  model: string | null
  systemPrompt: string | null
  parameters: Parameters
  currentMessageId: string | null
  isPinned: boolean
  isArchived: boolean
  createdAt: Date
  lastMessageAt: Date
  importedAt: Date
}

/** Of the columns of its table; `search_terms` as `integer[]`. */
export interface NewMessage {
  id: string
  parent_id: string | null
  role: string
  content: string
  search_terms: string
  reasoning: string | null
  status: string
  model: string | null
  finish_reason: string | null
  error_code: string | null
  prompt_tokens: number | null
  completion_tokens: number | null
  is_usage_estimated: boolean | null
  cost_micros: number | null
  duration_ms: number | null
  time_to_first_token_ms: number | null
  rating: string | null
  rating_note: string | null
  created_at: Date
}

/**
 * A conversation with its first messages, in one statement. False: it was here already; with `isReplacing` it may be
 * here as well, and from now on is known as this one.
 */
export async function insertImport(
  db: Db,
  source: Source,
  conversation: NewImport,
  messages: NewMessage[],
  { isReplacing }: { isReplacing: boolean },
): Promise<boolean> {
  const { userId } = source
  const result = await db.execute(sql`
    with claimed as (
      insert into conversation_sources as s (user_id, format, source_id, hash, conversation_id, created_at)
      values (${userId}, ${source.format}, ${source.sourceId}, ${source.hash}, ${conversation.id}::uuid,
        ${moment(conversation.importedAt)})
      on conflict (user_id, format, source_id) do update
        set hash = excluded.hash, conversation_id = excluded.conversation_id, created_at = excluded.created_at
        where ${isReplacing}
          or exists (select 1 from conversations c where c.id = s.conversation_id and c.deleted_at is not null)
      returning conversation_id
    ), made as (
      insert into conversations (id, user_id, title, title_terms, model, system_prompt, parameters, current_message_id,
        is_pinned, is_archived, created_at, last_message_at)
      select conversation_id, ${userId}, ${conversation.title}, ${conversation.titleTerms}::integer[],
        ${conversation.model}, ${conversation.systemPrompt}, ${JSON.stringify(conversation.parameters)}::text::jsonb,
        ${conversation.currentMessageId}::uuid, ${conversation.isPinned}, ${conversation.isArchived},
        ${moment(conversation.createdAt)}, ${moment(conversation.lastMessageAt)}
      from claimed returning id
    ), said as (
      ${inserting(sql`made`, userId, messages)}
    )
    select id from made`)
  return rowsOf(result).length > 0
}

/** More of its messages. */
export async function insertMessages(
  db: Db,
  userId: number,
  conversationId: string,
  messages: NewMessage[],
): Promise<void> {
  await db.execute(inserting(sql`(select ${conversationId}::uuid as id) made`, userId, messages))
}

function inserting(made: SQL, userId: number, messages: NewMessage[]): SQL {
  return sql`
    insert into messages (id, conversation_id, user_id, parent_id, role, content, search_terms, reasoning, status, model,
      finish_reason, error_code, prompt_tokens, completion_tokens, is_usage_estimated, cost_micros, duration_ms,
      time_to_first_token_ms, rating, rating_note, created_at)
    select m.id, made.id, ${userId}, m.parent_id, m.role, m.content, m.search_terms, m.reasoning, m.status, m.model,
      m.finish_reason, m.error_code, m.prompt_tokens, m.completion_tokens, m.is_usage_estimated, m.cost_micros,
      m.duration_ms, m.time_to_first_token_ms, m.rating, m.rating_note, m.created_at
    from ${made} cross join json_to_recordset(${JSON.stringify(messages)}::text::json) as m(id uuid, parent_id uuid,
      role text, content text, search_terms integer[], reasoning text, status text, model text, finish_reason text,
      error_code text, prompt_tokens integer, completion_tokens integer, is_usage_estimated boolean, cost_micros bigint,
      duration_ms integer, time_to_first_token_ms integer, rating text, rating_note text, created_at timestamptz)`
}

export async function tagImport(db: Db, conversationId: string, tagIds: string[]): Promise<void> {
  await db.execute(sql`
    insert into conversation_tags (conversation_id, tag_id)
    select ${conversationId}::uuid, tag_id from unnest(${`{${tagIds.join(',')}}`}::uuid[]) as tag_id
    on conflict do nothing`)
}

function moment(date: Date): SQL {
  return sql`${date.toISOString()}::timestamptz`
}
