import postgres from 'postgres'
import { loadConfig } from '../../src/config.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { createLog } from '../../src/lib/log.ts'
import { services } from './services.ts'
import { tempFolder } from './temp-folder.ts'

export interface TestDatabase {
  /** Through PgBouncer, as the service uses it. */
  url: string
  /** Straight to PostgreSQL. */
  directUrl: string
  /** Ends every connection to it and deletes it. */
  drop(): Promise<void>
}

let template: Promise<string> | null = null
let made = 0

/** A database of one's own with all migrations run: a copy of a template, in some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  template ??= createTemplate()
  return createDatabase(await template)
}

/** Without any table. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template1')
}

async function createDatabase(from: string): Promise<TestDatabase> {
  const { postgresUrl, pgbouncerUrl } = await services()
  const name = `test_${process.pid}_${made++}`
  await asAdmin(`create database ${name} template ${from}`)
  return {
    url: withDatabase(pgbouncerUrl, name),
    directUrl: withDatabase(postgresUrl, name),
    drop: () => asAdmin(`drop database if exists ${name} with (force)`),
  }
}

/** Migrated straight on PostgreSQL: a pooler would keep connections, and a template must have none. */
async function createTemplate(): Promise<string> {
  const name = `template_${process.pid}`
  await asAdmin(`create database ${name}`)
  const { postgresUrl } = await services()
  const config = loadConfig({
    DATABASE_URL: withDatabase(postgresUrl, name),
    DATA_DIR: tempFolder('template'),
  })
  const database = await openDatabase(config, createLog('silent'))
  await migrate(database.db)
  await database.close()
  return name
}

async function asAdmin(statement: string): Promise<void> {
  const { postgresUrl } = await services()
  const sql = postgres(postgresUrl, { max: 1, onnotice: () => {} })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
