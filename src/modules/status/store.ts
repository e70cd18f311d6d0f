import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { isSchemaCurrent } from '../../db/migrate.ts'

/** Resolves when the database answers. Throws when it does not. */
export async function pingDatabase(db: Db): Promise<void> {
  await db.execute(sql`select 1`)
}

/** Whether every migration that this program knows has been run. Throws when the database does not answer. */
export function hasCurrentSchema(db: Db): Promise<boolean> {
  return isSchemaCurrent(db)
}
