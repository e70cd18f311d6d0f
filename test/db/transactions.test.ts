import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../../src/db/db.ts'
import { describeOnDatabases } from './databases.ts'
import { refusal } from './refusal.ts'

const counters = pgTable('counters', { value: integer('value').notNull().unique() })

describeOnDatabases('transactions', (db) => {
  beforeAll(async () => {
    await db().execute(sql`create table counters (value integer not null unique)`)
  })
  afterAll(async () => {
    await db().execute(sql`drop table counters`)
  })
  beforeEach(async () => {
    await db().execute(sql`truncate counters`)
  })

  const insert = (on: Db, value: number) => on.insert(counters).values({ value })
  const values = async () =>
    (await db().select().from(counters).orderBy(counters.value)).map((row) => row.value)

  test('what it returns is handed on and what it wrote stays', async () => {
    const answer = await db().transaction(async (tx) => {
      await insert(tx, 1)
      await insert(tx, 2)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await values()).toEqual([1, 2])
  })

  test('an error undoes all of it and is the error that comes out', async () => {
    const fault = new Error('changed my mind')
    const outcome = db().transaction(async (tx) => {
      await insert(tx, 1)
      throw fault
    })
    expect(await refusal(outcome)).toBe(fault)
    expect(await values()).toEqual([])
  })

  test('a statement that failed undoes all, even if its error was swallowed', async () => {
    await insert(db(), 1)
    const outcome = db().transaction(async (tx) => {
      await insert(tx, 2)
      await insert(tx, 1).catch(() => {})
    })
    expect(await refusal(outcome)).toBeInstanceOf(Error)
    expect(await values()).toEqual([1])
  })

  test('an inner one can fail without the outer', async () => {
    await db().transaction(async (tx) => {
      await insert(tx, 1)
      await tx.transaction((inner) => insert(inner, 1)).catch(() => {})
      await tx.transaction(async (inner) => {
        await insert(inner, 2)
        await inner.transaction((innermost) => insert(innermost, 2)).catch(() => {})
        await insert(inner, 3)
      })
    })
    expect(await values()).toEqual([1, 2, 3])
  })

  test('a constraint that is checked at the end can still refuse', async () => {
    await db().execute(
      sql`create table leaves (value integer references counters (value) initially deferred)`,
    )
    try {
      const outcome = db().transaction((tx) => tx.execute(sql`insert into leaves values (404)`))
      expect(await refusal(outcome)).toBeInstanceOf(Error)
      expect(await db().$count(sql`leaves`)).toBe(0)
    } finally {
      await db().execute(sql`drop table leaves`)
    }
  })

  test('thirty at once lose no update', async () => {
    await insert(db(), 0)
    const increments = Array.from({ length: 30 }, () =>
      db().transaction(async (tx) => {
        const [row] = await tx.select().from(counters).for('update')
        await tx.update(counters).set({ value: (row?.value ?? 0) + 1 })
      }),
    )
    await Promise.all(increments)
    expect(await values()).toEqual([30])
  })

  test('nothing from outside gets into one that is open', async () => {
    const outside: Promise<unknown>[] = []
    const undone = db().transaction(async (tx) => {
      await insert(tx, 1)
      outside.push(insert(db(), 2).execute())
      await tx.execute(sql`select 1`)
      throw new Error('undo')
    })
    await undone.catch(() => {})
    await Promise.all(outside)
    expect(await values()).toEqual([2])
  })
})
