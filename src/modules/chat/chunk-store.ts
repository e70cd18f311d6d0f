import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import { turnChunks } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'

export interface Chunk {
  turnId: string
  /** Number of the last event in it. */
  seq: number
  text: string
  reasoning: string
}

/** One parameter for all of them: a parameter for each value would hold up every stream while there are many. */
export async function insertChunks(db: Db, chunks: Chunk[]): Promise<void> {
  await db.execute(sql`
    insert into turn_chunks (turn_id, seq, text, reasoning)
    select "turnId", seq, text, reasoning from jsonb_to_recordset(${JSON.stringify(chunks)}::text::jsonb) as c(
      "turnId" uuid, seq integer, text text, reasoning text)`)
}

export async function deleteChunks(db: Db, turnIds: string[]): Promise<void> {
  await db.delete(turnChunks).where(inArray(turnChunks.turnId, turnIds))
}

export async function listChunks(db: Db, turnId: string, afterSeq: number): Promise<Chunk[]> {
  return db
    .select()
    .from(turnChunks)
    .where(and(eq(turnChunks.turnId, turnId), gt(turnChunks.seq, afterSeq)))
    .orderBy(turnChunks.seq)
}
