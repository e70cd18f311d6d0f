import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { conversations } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { shares } from '../../db/library-tables.ts'
import { rowsOf } from '../../db/rows.ts'
import type { Share } from './share.ts'

const columns = {
  id: shares.id,
  token: shares.token,
  conversationId: shares.conversationId,
  title: shares.title,
  displayName: shares.displayName,
  createdAt: shares.createdAt,
  expiresAt: shares.expiresAt,
}

// Its owner's

export interface NewShare extends Omit<Share, 'title'> {
  leafMessageId: string | null
  title: string | null
}

export interface ShareLimits {
  maxMessages: number
  maxBytes: number
  maxShares: number
}

export type MadeShare =
  | { outcome: 'made'; title: string }
  | { outcome: 'no_conversation' | 'no_message' | 'nothing_said' | 'too_large' | 'too_many' }

/** Copies the branch as it is at one moment, in one statement; upwards with `offset 0`, as everywhere. */
export async function insertShare(
  db: Db,
  userId: number,
  share: NewShare,
  { maxMessages, maxBytes, maxShares }: ShareLimits,
): Promise<MadeShare> {
  const result = await db.execute(sql`
    with recursive source as (
      select id, title, current_message_id from conversations
      where id = ${share.conversationId}::uuid and user_id = ${userId} and deleted_at is null
    ), branch as (
      select m.id, m.parent_id, 1 as depth from source join messages m on m.conversation_id = source.id
        and m.id = coalesce(${share.leafMessageId}::uuid, source.current_message_id)
      union all
      select m.id, m.parent_id, b.depth + 1 from branch b cross join lateral (
        select id, parent_id from messages where id = b.parent_id offset 0
      ) m
      where b.depth <= ${maxMessages}
    ), said as (
      select m.role, m.content, m.created_at, b.depth from branch b join messages m on m.id = b.id
      where m.status <> 'running' and m.content <> ''
    ), size as (
      select count(*)::integer as messages, coalesce(sum(octet_length(content)), 0)::float8 as bytes,
        (select count(*) from shares where user_id = ${userId})::integer as shares
      from said
    ), shared as (
      insert into shares (id, token, user_id, conversation_id, title, display_name, messages, created_at, expires_at)
      select ${share.id}::uuid, ${share.token}, ${userId}, source.id,
        coalesce(${share.title}::text, source.title, (${beginning()}), '…'), ${share.displayName}, (${content()}),
        ${moment(share.createdAt)}, ${moment(share.expiresAt)}
      from source, size
      where size.messages between 1 and ${maxMessages} and size.bytes <= ${maxBytes} and size.shares < ${maxShares}
      returning title
    )
    select (select title from shared) as title, exists (select 1 from source) as "isFound",
      exists (select 1 from branch) as "hasBranch",
      size.messages, size.messages > ${maxMessages} or size.bytes > ${maxBytes} as "isTooLarge"
    from size`)
  const [row] = rowsOf<Measured>(result)
  if (row === undefined) throw new Error('the new share was not measured')
  return outcomeOf(row, share.leafMessageId)
}

interface Measured {
  title: string | null
  isFound: boolean
  hasBranch: boolean
  messages: number
  isTooLarge: boolean
}

function outcomeOf(row: Measured, leafMessageId: string | null): MadeShare {
  if (row.title !== null) return { outcome: 'made', title: row.title }
  if (!row.isFound) return { outcome: 'no_conversation' }
  if (!row.hasBranch && leafMessageId !== null) return { outcome: 'no_message' }
  if (row.messages === 0) return { outcome: 'nothing_said' }
  return { outcome: row.isTooLarge ? 'too_large' : 'too_many' }
}

function beginning(): SQL {
  return sql`
    select nullif(trim(left(regexp_replace(left(content, 1000), '\\s+', ' ', 'g'), 80)), '') from said
    order by depth desc limit 1`
}

function content(): SQL {
  return sql`
    select jsonb_agg(jsonb_build_object('role', role, 'content', content, 'created_at',
      to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by depth desc) from said`
}

export interface Position {
  createdAt: Date
  id: string
}

export function listShares(
  db: Db,
  userId: number,
  { after, limit }: { after: Position | null; limit: number },
): Promise<Share[]> {
  const beyond =
    after === null
      ? undefined
      : sql`(shares.created_at, shares.id) < (${moment(after.createdAt)}, ${after.id}::uuid)`
  return db
    .select(columns)
    .from(shares)
    .innerJoin(conversations, eq(conversations.id, shares.conversationId))
    .where(and(eq(shares.userId, userId), isNull(conversations.deletedAt), beyond))
    .orderBy(sql`shares.created_at desc nulls last`, sql`shares.id desc nulls last`)
    .limit(limit)
}

/** What is undefined stays as it is. null: this person has no such share. */
export async function updateShare(
  db: Db,
  userId: number,
  id: string,
  changes: { [Name in 'title' | 'displayName' | 'expiresAt']: Share[Name] | undefined },
): Promise<Share | null> {
  const isOwn = and(eq(shares.id, id), eq(shares.userId, userId))
  const isEmpty = Object.values(changes).every((value) => value === undefined)
  const [row] = isEmpty
    ? await db.select(columns).from(shares).where(isOwn)
    : await db.update(shares).set(changes).where(isOwn).returning(columns)
  return row ?? null
}

/** False: this person has no such share. */
export async function deleteShare(db: Db, userId: number, id: string): Promise<boolean> {
  const rows = await db
    .delete(shares)
    .where(and(eq(shares.id, id), eq(shares.userId, userId)))
    .returning({ id: shares.id })
  return rows.length > 0
}

/** At most `limit` of those that expired before; the number that went. */
export async function purgeShares(db: Db, expiredBefore: Date, limit: number): Promise<number> {
  const result = await db.execute(sql`
    delete from shares where id in (
      select id from shares where expires_at <= ${moment(expiredBefore)} limit ${limit} for update skip locked)
    returning id`)
  return rowsOf(result).length
}

// Everybody's who has the link

/** With its messages as JSON text. */
export type SharedBranch = Pick<Share, 'title' | 'displayName' | 'createdAt' | 'expiresAt'> & {
  messages: string
}

export async function findShared(db: Db, token: string, now: Date): Promise<SharedBranch | null> {
  const [row] = await db
    .select({
      title: shares.title,
      displayName: shares.displayName,
      createdAt: shares.createdAt,
      expiresAt: shares.expiresAt,
      messages: sql<string>`${shares.messages}::text`,
    })
    .from(shares)
    .where(isOpen(token, now))
  return row ?? null
}

export async function countMessages(db: Db, token: string, now: Date): Promise<number | null> {
  const [row] = await db
    .select({ count: sql<number>`jsonb_array_length(${shares.messages})` })
    .from(shares)
    .where(isOpen(token, now))
  return row?.count ?? null
}

/** As many ids as it has messages. False: it is not there any more. */
export async function insertCopy(
  db: Db,
  userId: number,
  token: string,
  { id, messageIds, now }: { id: string; messageIds: string[]; now: Date },
): Promise<boolean> {
  const parentIds = messageIds.map((_, at) => messageIds[at - 1] ?? 'NULL')
  const result = await db.execute(sql`
    with source as (
      select title, messages from shares where ${isOpen(token, now)}
    ), copied as (
      insert into conversations (id, user_id, title, current_message_id, created_at, last_message_at)
      select ${id}::uuid, ${userId}, title, ${messageIds.at(-1) ?? null}::uuid, ${moment(now)}, ${moment(now)}
      from source returning id
    ), said as (
      insert into messages (id, conversation_id, user_id, parent_id, role, content, status, created_at)
      select copy.id, copied.id, ${userId}, copy.parent_id, m.value ->> 'role', m.value ->> 'content', 'complete',
        (m.value ->> 'created_at')::timestamptz
      from copied cross join source cross join lateral jsonb_array_elements(source.messages) with ordinality m(value, at)
        join unnest(${`{${messageIds.join(',')}}`}::uuid[], ${`{${parentIds.join(',')}}`}::uuid[])
          with ordinality as copy(id, parent_id, at) on copy.at = m.at
    )
    select id from copied`)
  return rowsOf(result).length > 0
}

/** Neither expired nor of a conversation in the bin, nor of somebody whose account has been closed. */
function isOpen(token: string, now: Date): SQL {
  return sql`shares.token = ${token} and (shares.expires_at is null or shares.expires_at > ${moment(now)})
    and exists (select 1 from conversations c where c.id = shares.conversation_id and c.deleted_at is null)
    and exists (select 1 from users u where u.id = shares.user_id and u.is_active)`
}

function moment(date: Date | null): SQL {
  return sql`${date?.toISOString() ?? null}::timestamptz`
}
