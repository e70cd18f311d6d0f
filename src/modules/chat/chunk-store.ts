import { and, eq, gt, inArray } from 'drizzle-orm'
import { turnChunks } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'

export interface Chunk {
  turnId: string
  /** Number of the last event in it. */
  seq: number
  text: string
  reasoning: string
}

export async function insertChunks(db: Db, chunks: Chunk[]): Promise<void> {
  await db.insert(turnChunks).values(chunks)
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
