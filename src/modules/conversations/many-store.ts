import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

// Each is one statement and returns the ids of those that are there. Locked in one order, so that two who do the same
// at the same time wait for each other instead of for ever.

export function archiveMany(db: Db, userId: number, ids: string[], isArchived: boolean): Promise<string[]> {
  return idsOf(
    db,
    sql`update conversations set is_archived = ${isArchived} where id in (${living(userId, ids)}) returning id`,
  )
}

export function binMany(db: Db, userId: number, ids: string[], now: Date): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`
  return idsOf(
    db,
    sql`update conversations set deleted_at = ${at} where id in (${living(userId, ids)}) returning id`,
  )
}

/** Those that are not in the bin stay where they are. */
export function restoreMany(db: Db, userId: number, ids: string[]): Promise<string[]> {
  return idsOf(
    db,
    sql`update conversations set deleted_at = null where id in (${own(userId, ids)} order by id for update)
      returning id`,
  )
}

export function tagMany(db: Db, userId: number, ids: string[], tagId: string): Promise<string[]> {
  return idsOf(
    db,
    sql`
    with chosen as (${living(userId, ids)}), tagged as (
      insert into conversation_tags (conversation_id, tag_id) select id, ${tagId}::uuid from chosen
      on conflict do nothing
    )
    select id from chosen`,
  )
}

export function untagMany(db: Db, userId: number, ids: string[], tagId: string): Promise<string[]> {
  return idsOf(
    db,
    sql`
    with chosen as (${living(userId, ids)}), untagged as (
      delete from conversation_tags where tag_id = ${tagId}::uuid and conversation_id in (select id from chosen)
    )
    select id from chosen`,
  )
}

async function idsOf(db: Db, statement: SQL): Promise<string[]> {
  return rowsOf<{ id: string }>(await db.execute(statement)).map(({ id }) => id)
}

function living(userId: number, ids: string[]): SQL {
  return sql`${own(userId, ids)} and deleted_at is null order by id for update`
}

function own(userId: number, ids: string[]): SQL {
  return sql`select id from conversations where id = any(${`{${ids.join(',')}}`}::uuid[]) and user_id = ${userId}`
}
