import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { OpenDb } from '../../src/db/db.ts'
import { isSchemaCurrent, migrate } from '../../src/db/migrate.ts'
import { listMigrations, programLevel } from '../../src/db/migrations.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { createLog } from '../../src/lib/log.ts'
import { hasServices } from '../support/services.ts'
import { createEmptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { describeOnDatabases, settings } from './databases.ts'
import { refusal } from './refusal.ts'

const own = listMigrations()
const next = (statements: string[], neededLevel = programLevel) => [
  ...own,
  { name: '9999_next', statements, neededLevel },
]
const silent = createLog('silent')

test('there are migrations, each with its level, in the order of their numbers', () => {
  const names = own.map(({ name }) => name)
  expect(names.length).toBeGreaterThan(0)
  expect(names).toEqual(names.toSorted())
  for (const { neededLevel } of own) expect(neededLevel).toBeLessThanOrEqual(programLevel)
})

describeOnDatabases('migrations', (db) => {
  afterEach(async () => {
    await db().execute(sql`drop table if exists next_things`)
    await db().execute(sql`delete from migrations.applied where name = '9999_next'`)
  })

  test('what is there already is not run again', async () => {
    expect(await migrate(db())).toBe(0)
    expect(await isSchemaCurrent(db())).toBe(true)
  })

  test('only what is missing is run', async () => {
    const all = next(['create table next_things (id int)', 'insert into next_things values (1), (2)'])
    expect(await isSchemaCurrent(db(), all)).toBe(false)
    expect(await migrate(db(), all)).toBe(1)
    expect(await isSchemaCurrent(db(), all)).toBe(true)
    expect(await db().$count(sql`next_things`)).toBe(2)
    expect(await migrate(db(), all)).toBe(0)
  })

  test('one that fails leaves nothing behind', async () => {
    const all = next(['create table next_things (id int)', 'insert into nowhere values (1)'])
    await refusal(migrate(db(), all))
    expect(await isSchemaCurrent(db(), all)).toBe(false)
    expect(await refusal(db().execute(sql`select from next_things`))).toBeInstanceOf(Error)
  })

  test('after a step back of one release the program runs on the newer schema', async () => {
    await migrate(db(), next(['create table next_things (id int)']))
    expect(await isSchemaCurrent(db())).toBe(true)
    expect(await migrate(db())).toBe(0)
  })

  test('a schema that needs a newer program is refused', async () => {
    await migrate(db(), next(['create table next_things (id int)'], programLevel + 1))
    expect(await isSchemaCurrent(db())).toBe(false)
    expect(String(await refusal(migrate(db())))).toContain('9999_next needs level')
  })
})

describe.skipIf(!hasServices())('an empty PostgreSQL database', () => {
  let database: TestDatabase
  let instances: OpenDb[]
  beforeAll(async () => {
    database = await createEmptyDatabase()
  })
  beforeEach(() => {
    instances = Array.from({ length: 5 }, () => openPostgres(settings(database.url), silent))
  })
  afterEach(() => Promise.all(instances.map(({ close }) => close())))
  afterAll(() => database.drop())

  test('is not current, and five instances that start at once migrate it once', async () => {
    const current = await Promise.all(instances.map(({ db }) => isSchemaCurrent(db)))
    expect(current).toEqual([false, false, false, false, false])
    const counts = await Promise.all(instances.map(({ db }) => migrate(db)))
    expect(counts.toSorted()).toEqual([0, 0, 0, 0, own.length])
    expect(await isSchemaCurrent(instances[0]!.db)).toBe(true)
  })
})
