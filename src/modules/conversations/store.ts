import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import { conversations } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { isId } from '../../lib/ids.ts'
import type { Conversation, Tag } from './get-conversation.ts'

const columns = {
  id: conversations.id,
  title: conversations.title,
  model: conversations.model,
  systemPrompt: conversations.systemPrompt,
  parameters: conversations.parameters,
  currentMessageId: conversations.currentMessageId,
  activeTurnId: sql<string | null>`(
    select t.id from turns t where t.conversation_id = conversations.id and t.state = 'running') as active_turn_id`,
  isPinned: conversations.isPinned,
  isArchived: conversations.isArchived,
  isTemporary: conversations.isTemporary,
  tags: sql<Tag[]>`(
    select coalesce(json_agg(json_build_object('id', tags.id, 'name', tags.name)
      order by lower(tags.name) collate "C", tags.id), '[]')
    from conversation_tags join tags on tags.id = tag_id where conversation_id = conversations.id) as tags`,
  createdAt: conversations.createdAt,
  lastMessageAt: conversations.lastMessageAt,
  deletedAt: conversations.deletedAt,
}

function isLiving(userId: number, id: string): SQL | undefined {
  return and(eq(conversations.id, id), eq(conversations.userId, userId), isNull(conversations.deletedAt))
}

// One of them

/** Not one in the bin. */
export async function findConversation(db: Db, userId: number, id: string): Promise<Conversation | null> {
  const [row] = await db.select(columns).from(conversations).where(isLiving(userId, id))
  return row ?? null
}

type Chosen = 'title' | 'model' | 'systemPrompt' | 'parameters'
type Changeable = Chosen | 'currentMessageId' | 'isPinned' | 'isArchived'
/** What the title is found by; null: there is none. */
interface Terms {
  titleTerms: number[] | null
}
export type NewConversation = Pick<Conversation, Chosen | 'id' | 'isTemporary' | 'createdAt'> & Terms
export type ConversationChanges = Partial<Pick<Conversation, Changeable> & Terms>

export async function insertConversation(
  db: Db,
  userId: number,
  conversation: NewConversation,
): Promise<Conversation> {
  const [row] = await db
    .insert(conversations)
    .values({ ...conversation, userId, lastMessageAt: conversation.createdAt })
    .returning(columns)
  if (row === undefined) throw new Error('the new conversation was not returned')
  return row
}

/** At least one change. null: there is no such conversation outside the bin. */
export async function updateConversation(
  db: Db,
  userId: number,
  id: string,
  changes: ConversationChanges,
): Promise<Conversation | null> {
  const [row] = await db.update(conversations).set(changes).where(isLiving(userId, id)).returning(columns)
  return row ?? null
}

/** Until the end of the transaction nobody begins a turn in it, switches its branch or deletes from it. */
export async function lockConversation(db: Db, userId: number, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(isLiving(userId, id))
    .for('update')
  return rows.length > 0
}

// The bin

/** False: there is no such conversation outside the bin. */
export async function putIntoBin(db: Db, userId: number, id: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(conversations)
    .set({ deletedAt: now })
    .where(isLiving(userId, id))
    .returning({ id: conversations.id })
  return rows.length > 0
}

/** One that is not in the bin stays where it is. null: there is no such conversation at all. */
export async function takeFromBin(db: Db, userId: number, id: string): Promise<Conversation | null> {
  const [row] = await db
    .update(conversations)
    .set({ deletedAt: null })
    .where(and(eq(conversations.id, id), eq(conversations.userId, userId)))
    .returning(columns)
  return row ?? null
}

/** With all that belongs to them, at most `limit`; the number that went. Another instance's are left to it. */
export function purgeBin(db: Db, deletedBefore: Date, limit: number): Promise<number> {
  return purge(db, sql`deleted_at <= ${deletedBefore.toISOString()}::timestamptz`, limit)
}

/** The same for temporary ones whose last message is older. */
export function purgeTemporary(db: Db, silentSince: Date, limit: number): Promise<number> {
  return purge(db, sql`is_temporary and last_message_at <= ${silentSince.toISOString()}::timestamptz`, limit)
}

/** The same for all that somebody has, but for those that are being changed. */
export function purgeAllOf(db: Db, userId: number, limit: number): Promise<number> {
  return purge(db, sql`user_id = ${userId}`, limit)
}

async function purge(db: Db, condition: SQL, limit: number): Promise<number> {
  const result = await db.execute(sql`
    delete from conversations where id in (
      select id from conversations where ${condition} limit ${limit} for update skip locked)
    returning id`)
  return rowsOf(result).length
}

// Many of them

export type Shelf = 'current' | 'archived' | 'deleted'

/** Of the last row of a page, to the microsecond as the database has it: `at` without a time zone, in UTC. */
export interface Position {
  isPinned: boolean
  at: string
  id: string
}

export type PlacedConversation = Conversation & { position: string }

/**
 * Pinned ones first, then by their last message; the bin by the moment of deletion. Newest first. The orders are those
 * of the indexes to the letter.
 */
export async function listConversations(
  db: Db,
  userId: number,
  { shelf, tag, after, limit }: { shelf: Shelf; tag: string | null; after: Position | null; limit: number },
): Promise<PlacedConversation[]> {
  const isBin = shelf === 'deleted'
  const at = isBin ? sql`deleted_at` : sql`last_message_at`
  const isOnShelf = isBin ? isNotNull(conversations.deletedAt) : onList(shelf)
  return db
    .select({
      ...columns,
      position: sql<string>`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
    })
    .from(conversations)
    .where(
      and(
        eq(conversations.userId, userId),
        sql`not is_temporary`,
        isOnShelf,
        tag === null ? undefined : hasTag(userId, tag),
        beyond(after, at, isBin),
      ),
    )
    .orderBy(
      ...(isBin ? [] : [sql`is_pinned desc nulls last`]),
      sql`${at} desc nulls last`,
      sql`conversations.id desc nulls last`,
    )
    .limit(limit)
}

/** By id or by name. */
function hasTag(userId: number, tag: string): SQL {
  const isNamed = isId(tag) ? sql`tags.id = ${tag}::uuid` : sql`lower(tags.name) = lower(${tag})`
  return sql`exists (select 1 from conversation_tags join tags on tags.id = tag_id
    where conversation_id = conversations.id and tags.user_id = ${userId} and ${isNamed})`
}

function onList(shelf: Shelf): SQL | undefined {
  return and(isNull(conversations.deletedAt), sql`is_archived = ${shelf === 'archived'}`)
}

function beyond(after: Position | null, at: SQL, isBin: boolean): SQL | undefined {
  if (after === null) return undefined
  const moment = sql`(${after.at}::timestamp at time zone 'UTC')`
  return isBin
    ? sql`(${at}, id) < (${moment}, ${after.id}::uuid)`
    : sql`(is_pinned, ${at}, id) < (${after.isPinned}, ${moment}, ${after.id}::uuid)`
}
