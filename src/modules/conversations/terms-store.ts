import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

export interface UnindexedText {
  id: string
  userId: number
  text: string
}

/**
 * Messages whose terms are not known yet, at most `limit`; nobody else changes them, or gets them from here, until the
 * end of the transaction. In the order of their index: the planner must not read the table for the few that are left.
 */
export async function takeUnindexedMessages(tx: Db, limit: number): Promise<UnindexedText[]> {
  const result = await tx.execute(sql`
    select id, user_id::float8 as "userId", content as text from messages
    where search_terms is null and status <> 'running'
    order by user_id, created_at desc nulls last, id desc nulls last limit ${limit}
    for no key update skip locked`)
  return rowsOf(result)
}

export async function takeUnindexedTitles(tx: Db, limit: number): Promise<UnindexedText[]> {
  const result = await tx.execute(sql`
    select id, user_id::float8 as "userId", title as text from conversations
    where title_terms is null and title is not null
    order by user_id, id limit ${limit}
    for no key update skip locked`)
  return rowsOf(result)
}

/** `terms`: as `integer[]`. */
type Indexed = { id: string; terms: string }[]

export async function setMessageTerms(tx: Db, texts: Indexed): Promise<void> {
  await tx.execute(sql`
    update messages set search_terms = indexed.terms from ${recordsOf(texts)} where messages.id = indexed.id`)
}

export async function setTitleTerms(tx: Db, texts: Indexed): Promise<void> {
  await tx.execute(sql`
    update conversations set title_terms = indexed.terms from ${recordsOf(texts)} where conversations.id = indexed.id`)
}

function recordsOf(texts: Indexed): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(texts)}::text::jsonb) as indexed(id uuid, terms integer[])`
}
