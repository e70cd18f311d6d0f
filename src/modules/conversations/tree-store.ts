import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** The newest message at an end of the tree at or below that one; null: it is not of this conversation. */
export async function findLeaf(db: Db, conversationId: string, messageId: string): Promise<string | null> {
  const result = await db.execute(newestLeaf(conversationId, messageId))
  return rowsOf<{ id: string }>(result)[0]?.id ?? null
}

/** Where a message stands; null: this person has no such message outside the bin. */
export async function findPlace(
  db: Db,
  userId: number,
  messageId: string,
): Promise<{ conversationId: string; parentId: string | null } | null> {
  const result = await db.execute(sql`
    select m.conversation_id as "conversationId", m.parent_id as "parentId"
    from messages m join conversations c on c.id = m.conversation_id
    where m.id = ${messageId}::uuid and c.user_id = ${userId} and c.deleted_at is null`)
  return rowsOf<{ conversationId: string; parentId: string | null }>(result)[0] ?? null
}

/** With all that follows it, in a conversation that is locked; unless a turn is running there: its id, and none went. */
export async function deleteSubtree(
  db: Db,
  conversationId: string,
  messageId: string,
): Promise<{ deleted: number; runningTurnId: string | null }> {
  const result = await db.execute(sql`
    with recursive tree as (${subtree(conversationId, messageId)}), running as (
      select id from turns where conversation_id = ${conversationId}::uuid and state = 'running'
        and (user_message_id in (select id from tree) or assistant_message_id in (select id from tree))
    ), deleted as (
      delete from messages where id in (select id from tree) and not exists (select 1 from running) returning id
    )
    select (select count(*) from deleted)::integer as deleted, (select id from running) as "runningTurnId"`)
  const [row] = rowsOf<{ deleted: number; runningTurnId: string | null }>(result)
  return row ?? { deleted: 0, runningTurnId: null }
}

/**
 * When the message that was shown last is gone: the branch of `parentId` is shown, to its newest end, or the newest of
 * all that is left. For a conversation that is locked.
 */
export async function showWhatIsLeft(db: Db, conversationId: string, parentId: string | null): Promise<void> {
  await db.execute(sql`
    update conversations set current_message_id = (${newestLeaf(conversationId, parentId)})
    where id = ${conversationId}::uuid and current_message_id is not null
      and not exists (select 1 from messages where messages.id = conversations.current_message_id)`)
}

/** null: of the whole conversation. */
function newestLeaf(conversationId: string, messageId: string | null): SQL {
  return sql`
    with recursive tree as (${messageId === null ? everything(conversationId) : subtree(conversationId, messageId)})
    select id from tree where not exists (select 1 from tree child where child.parent_id = tree.id)
    order by created_at desc, id desc limit 1`
}

function everything(conversationId: string): SQL {
  return sql`select id, parent_id, created_at from messages where conversation_id = ${conversationId}::uuid`
}

/**
 * `offset 0` makes the planner ask the index for each message's children: joined as it likes, it may read the whole
 * conversation anew for each level of the tree.
 */
function subtree(conversationId: string, messageId: string): SQL {
  return sql`
    select id, parent_id, created_at from messages
    where id = ${messageId}::uuid and conversation_id = ${conversationId}::uuid
    union all
    select m.id, m.parent_id, m.created_at from tree cross join lateral (
      select id, parent_id, created_at from messages
      where conversation_id = ${conversationId}::uuid and parent_id = tree.id offset 0
    ) m`
}
