import { sql } from 'drizzle-orm'
import { loadConfig } from '../../src/config.ts'
import type { OpenDb } from '../../src/db/db.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { createLog } from '../../src/lib/log.ts'
import { tempFolder } from './temp-folder.ts'

let opened: Promise<OpenDb & { plans: string }> | null = null

/** The embedded PostgreSQL with all tables empty. One a process: each costs memory that never comes back. */
export async function embeddedDatabase(): Promise<OpenDb> {
  opened ??= open()
  const database = await opened
  await empty(database)
  return { ...database, close: async () => {} }
}

async function open(): Promise<OpenDb & { plans: string }> {
  const config = loadConfig({ DATA_DIR: tempFolder('embedded') })
  const database = await openDatabase(config, createLog('silent'))
  await migrate(database.db)
  const [row] = rowsOf<{ plans: string }>(
    await database.db.execute(sql`select json_agg(p)::text as plans from plans p`),
  )
  return { ...database, plans: row?.plans ?? '[]' }
}

/** All but what the migrations have brought. */
async function empty({ db, plans }: OpenDb & { plans: string }): Promise<void> {
  const tables = rowsOf<{ name: string }>(
    await db.execute(sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`),
  )
  const list = sql.join(
    tables.map(({ name }) => sql.raw(name)),
    sql`, `,
  )
  await db.execute(sql`truncate ${list} restart identity cascade`)
  await db.execute(
    sql`insert into plans select * from json_populate_recordset(null::plans, ${plans}::text::json)`,
  )
}
