import { sql } from 'drizzle-orm'
import { loadConfig } from '../../src/config.ts'
import type { OpenDb } from '../../src/db/db.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { createLog } from '../../src/lib/log.ts'
import { tempFolder } from './temp-folder.ts'

let opened: Promise<OpenDb> | null = null

/** The embedded PostgreSQL with all tables empty. One a process: each costs memory that never comes back. */
export async function embeddedDatabase(): Promise<OpenDb> {
  opened ??= open()
  const database = await opened
  await empty(database)
  return { ...database, close: async () => {} }
}

async function open(): Promise<OpenDb> {
  const config = loadConfig({ DATA_DIR: tempFolder('embedded') })
  const database = await openDatabase(config, createLog('silent'))
  await migrate(database.db)
  return database
}

async function empty({ db }: OpenDb): Promise<void> {
  const tables = rowsOf<{ name: string }>(
    await db.execute(sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`),
  )
  const list = sql.join(
    tables.map(({ name }) => sql.raw(name)),
    sql`, `,
  )
  await db.execute(sql`truncate ${list} restart identity cascade`)
}
