import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { OpenDb } from '../../src/db/db.ts'
import { withoutDeadline } from '../../src/db/deadline.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { findAppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { hasServices } from '../support/services.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { settings } from './databases.ts'
import { refusal } from './refusal.ts'

const deadlineSeconds = 0.4
const isDown = (error: unknown) => findAppError(error)?.code === 'dependency_down'

describe.skipIf(!hasServices())('the time limit on PostgreSQL', () => {
  let database: TestDatabase
  let one: OpenDb
  let other: OpenDb
  beforeAll(async () => {
    database = await createTestDatabase()
    one = openPostgres(settings(database.url, deadlineSeconds, 1), createLog('silent'))
    other = openPostgres(settings(database.url), createLog('silent'))
    await one.db.execute(sql`create table marks (text text)`)
  })
  afterAll(async () => {
    await one.close()
    await other.close()
    await database.drop()
  })

  test('a late statement is cancelled on the server and its connection serves on', async () => {
    expect(isDown(await refusal(one.db.execute(sql`select pg_sleep(30)`)))).toBe(true)
    expect(rowsOf(await one.db.execute(sql`select 1::int as one`))).toEqual([{ one: 1 }])
    const sleeping = sql`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and state = 'active' and query like 'select pg_sleep(30)%'`
    expect(rowsOf(await other.db.execute(sleeping))).toEqual([{ count: 0 }])
  })

  test('waiting for a connection counts, and what was given up there never happens', async () => {
    const holding = one.db.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      expect(isDown(await refusal(one.db.execute(sql`insert into marks values ('statement')`)))).toBe(true)
      const insert = one.db.transaction((tx) => tx.execute(sql`insert into marks values ('transaction')`))
      expect(isDown(await refusal(insert))).toBe(true)
    })
    await holding
    await one.db.execute(sql`insert into marks values ('after')`)
    expect(rowsOf(await one.db.execute(sql`select text from marks`))).toEqual([{ text: 'after' }])
  })

  test('a late statement undoes its transaction', async () => {
    const work = one.db.transaction(async (tx) => {
      await tx.execute(sql`insert into marks values ('undone')`)
      await tx.execute(sql`select pg_sleep(30)`)
    })
    expect(isDown(await refusal(work))).toBe(true)
    const undone = await other.db.execute(sql`select from marks where text = 'undone'`)
    expect(rowsOf(undone)).toEqual([])
  })

  test('it can be lifted', async () => {
    const slow = withoutDeadline(async () => one.db.execute(sql`select pg_sleep(0.8)::text as slept`))
    expect(rowsOf(await slow)).toEqual([{ slept: '' }])
  })
})
