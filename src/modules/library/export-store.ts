import { type SQL, sql } from 'drizzle-orm'
import type { Parameters, TurnState } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** Which conversations are meant. Of all: neither the temporary ones nor those in the bin. */
export type Scope = { ids: string[] } | { isArchived: boolean | null }

export interface LibrarySize {
  conversations: number
  messages: number
}

export async function measureLibrary(db: Db, userId: number, scope: Scope): Promise<LibrarySize> {
  const result = await db.execute(sql`
    select count(*)::float8 as conversations, coalesce(sum(messages), 0)::float8 as messages from (
      select (select count(*) from messages m where m.conversation_id = c.id) as messages
      from conversations c where ${isMeant(userId, scope)}
    ) measured`)
  const [size] = rowsOf<LibrarySize>(result)
  return size ?? { conversations: 0, messages: 0 }
}

export interface StoredConversation {
  id: string
  title: string | null
  model: string | null
  systemPrompt: string | null
  parameters: Parameters
  isPinned: boolean
  isArchived: boolean
  currentMessageId: string | null
  /** Names. */
  tags: string[]
  createdAt: Date
  lastMessageAt: Date
  messages: number
}

/** In the order of their ids, at most `limit`, each with the number of its messages. */
export async function listStored(
  db: Db,
  userId: number,
  scope: Scope,
  { after, limit }: { after: string | null; limit: number },
): Promise<StoredConversation[]> {
  const result = await db.execute(sql`
    select id, title, model, system_prompt as "systemPrompt", parameters, is_pinned as "isPinned",
      is_archived as "isArchived", current_message_id as "currentMessageId",
      (select coalesce(json_agg(tags.name order by lower(tags.name) collate "C", tags.id), '[]')
        from conversation_tags join tags on tags.id = tag_id where conversation_id = c.id) as tags,
      (extract(epoch from created_at) * 1000)::float8 as "createdAtMs",
      (extract(epoch from last_message_at) * 1000)::float8 as "lastMessageAtMs",
      (select count(*) from messages m where m.conversation_id = c.id)::integer as messages
    from conversations c
    where ${isMeant(userId, scope)} ${after === null ? sql`` : sql`and id > ${after}::uuid`}
    order by id limit ${limit}`)
  type Row = Omit<StoredConversation, 'createdAt' | 'lastMessageAt'> & {
    createdAtMs: number
    lastMessageAtMs: number
  }
  return rowsOf<Row>(result).map(({ createdAtMs, lastMessageAtMs, ...row }) => ({
    ...row,
    createdAt: new Date(createdAtMs),
    lastMessageAt: new Date(lastMessageAtMs),
  }))
}

function isMeant(userId: number, scope: Scope): SQL {
  const own = sql`c.user_id = ${userId} and c.deleted_at is null`
  if ('ids' in scope) return sql`${own} and c.id = any(${`{${scope.ids.join(',')}}`}::uuid[])`
  const { isArchived } = scope
  const onShelf = isArchived === null ? sql`` : sql`and c.is_archived = ${isArchived}`
  return sql`${own} and not c.is_temporary ${onShelf}`
}

/** A message without what it says. */
export interface MessagePlace {
  id: string
  conversationId: string
  parentId: string | null
  bytes: number
}

/** In no order. */
export async function listPlaces(db: Db, conversationIds: string[]): Promise<MessagePlace[]> {
  const result = await db.execute(sql`
    select id, conversation_id as "conversationId", parent_id as "parentId",
      octet_length(content) + coalesce(octet_length(reasoning), 0) as bytes
    from messages where conversation_id = any(${`{${conversationIds.join(',')}}`}::uuid[])`)
  return rowsOf(result)
}

export interface StoredMessage {
  id: string
  parentId: string | null
  role: 'user' | 'assistant'
  content: string
  reasoning: string | null
  status: TurnState
  model: string | null
  finishReason: string | null
  errorCode: string | null
  promptTokens: number | null
  completionTokens: number | null
  isUsageEstimated: boolean | null
  costMicros: number | null
  durationMs: number | null
  timeToFirstTokenMs: number | null
  rating: 'up' | 'down' | null
  ratingNote: string | null
  createdAt: Date
}

/** In no order; what is gone meanwhile is left out. Of a running answer what it has said so far. */
export async function readMessages(db: Db, ids: string[]): Promise<StoredMessage[]> {
  const result = await db.execute(sql`
    select m.id, m.parent_id as "parentId", m.role, coalesce(said.text, m.content) as content,
      coalesce(nullif(said.reasoning, ''), m.reasoning) as reasoning, m.status, m.model,
      m.finish_reason as "finishReason", m.error_code as "errorCode", m.prompt_tokens as "promptTokens",
      m.completion_tokens as "completionTokens", m.is_usage_estimated as "isUsageEstimated",
      m.cost_micros::float8 as "costMicros", m.duration_ms as "durationMs",
      m.time_to_first_token_ms as "timeToFirstTokenMs", m.rating, m.rating_note as "ratingNote",
      (extract(epoch from m.created_at) * 1000)::float8 as "createdAtMs"
    from messages m left join lateral (
      select string_agg(c.text, '' order by c.seq) as text, string_agg(c.reasoning, '' order by c.seq) as reasoning
      from turns t join turn_chunks c on c.turn_id = t.id
      where m.status = 'running' and t.conversation_id = m.conversation_id and t.state = 'running'
        and t.assistant_message_id = m.id
    ) said on true
    where m.id = any(${`{${ids.join(',')}}`}::uuid[])`)
  return rowsOf<Omit<StoredMessage, 'createdAt'> & { createdAtMs: number }>(result).map(
    ({ createdAtMs, ...message }) => ({ ...message, createdAt: new Date(createdAtMs) }),
  )
}
