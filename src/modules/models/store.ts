import { sql } from 'drizzle-orm'
import { tokenFactors } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import type { StoredFactor } from './token-factors.ts'

export function listFactors(db: Db): Promise<StoredFactor[]> {
  return db.select().from(tokenFactors)
}

export async function saveFactors(db: Db, factors: StoredFactor[]): Promise<void> {
  await db
    .insert(tokenFactors)
    // Always in one order: two instances that lock the same rows do not wait for each other in a circle.
    .values(factors.toSorted((a, b) => (a.model < b.model ? -1 : 1)))
    .onConflictDoUpdate({
      target: tokenFactors.model,
      set: { factor: sql`excluded.factor`, answers: sql`excluded.answers` },
    })
}
