import { afterAll, beforeAll, describe } from 'bun:test'
import type { Db, OpenDb } from '../../src/db/db.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { createLog } from '../../src/lib/log.ts'
import { embeddedDatabase } from '../support/embedded-database.ts'
import { hasServices } from '../support/services.ts'
import { createTestDatabase } from '../support/test-database.ts'

/** Declares the same tests for the embedded database and for PostgreSQL behind PgBouncer, with all migrations run. */
export function describeOnDatabases(name: string, body: (db: () => Db) => void): void {
  describe(`${name} (embedded)`, () => within(embeddedDatabase, body))
  describe.skipIf(!hasServices())(`${name} (PostgreSQL through PgBouncer)`, () => within(postgres, body))
}

function within(open: () => Promise<OpenDb>, body: (db: () => Db) => void): void {
  let opened: OpenDb
  beforeAll(async () => {
    opened = await open()
  })
  body(() => opened.db)
  afterAll(() => opened.close())
}

async function postgres(): Promise<OpenDb> {
  const { url, drop } = await createTestDatabase()
  const opened = openPostgres(settings(url), createLog('silent'))
  return {
    ...opened,
    async close() {
      await opened.close()
      await drop()
    },
  }
}

export function settings(url: string, statementTimeoutSeconds = 10, poolSize = 4) {
  return { url, ssl: 'disable' as const, poolSize, statementTimeoutSeconds }
}
