import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import { sql } from 'drizzle-orm'
import type { Db, OpenDb } from '../../src/db/db.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { findAppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { type PgbouncerServer, startPgbouncer } from '../support/pgbouncer.ts'
import { freePort } from '../support/ports.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { hasServices } from '../support/services.ts'
import { settings } from './databases.ts'
import { refusal } from './refusal.ts'

// PgBouncer waits for seconds before it tries a server again that was away.
setDefaultTimeout(60_000)

const lines: string[] = []
const log = createLog('info', (line) => void lines.push(line))
const isDown = (error: unknown) => findAppError(error)?.code === 'dependency_down'
const ask = async (db: Db) => rowsOf(await db.execute(sql`select ${1}::int as one`))

test('with nobody there: down at once, and the password is in no part of the error', async () => {
  const port = await freePort()
  const { db, close } = openPostgres(settings(`postgres://me:hush@127.0.0.1:${port}/x`), log)
  const error = await refusal(db.execute(sql`select 1`))
  expect(isDown(error)).toBe(true)
  expect(Bun.inspect(error)).not.toContain('hush')
  await close()
})

describe.skipIf(!hasServices())('outages', () => {
  let postgres: PostgresServer
  let pgbouncer: PgbouncerServer
  let opened: OpenDb
  beforeAll(async () => {
    postgres = await startPostgres()
    pgbouncer = await startPgbouncer(postgres.port)
  })
  beforeEach(() => {
    opened = openPostgres(settings(pgbouncer.urlOf('postgres'), 1, 2), log)
  })
  afterEach(() => opened.close())
  afterAll(async () => {
    await pgbouncer.stop()
    await postgres.stop()
  })

  test('a wrong password is an outage, and is not repeated', async () => {
    const url = new URL(postgres.url)
    url.password = 'mistaken'
    const { db, close } = openPostgres(settings(url.href), log)
    const error = await refusal(db.execute(sql`select 1`))
    expect(isDown(error)).toBe(true)
    expect(Bun.inspect(error)).not.toContain('mistaken')
    await close()
  })

  describe('a connection that ends inside a transaction', () => {
    const connections: [string, () => string][] = [
      ['directly', () => postgres.url],
      ['through PgBouncer', () => pgbouncer.urlOf('postgres')],
    ]
    for (const [way, url] of connections) {
      test(`${way}, while a statement runs`, () =>
        losesOne(url(), (tx) => tx.execute(sql`select pg_sleep(3), ${1}::int`)))
      test(`${way}, between two statements`, () => losesOne(url(), () => Bun.sleep(100)))
    }

    /** Nothing may be thrown outside of promises either: the test runner would fail on it. */
    async function losesOne(url: string, duringThat: (tx: Db) => PromiseLike<unknown>) {
      const { db, close } = openPostgres(settings(url, 5, 1), log)
      for (let round = 0; round < 3; round++) {
        const work = db.transaction(async (tx) => {
          await tx.transaction(async (inner) => {
            const own = rowsOf<{ pid: number }>(await inner.execute(sql`select pg_backend_pid() as pid`))
            const kill = sql`select pg_terminate_backend(${own[0]?.pid}, 1000)`
            await Promise.all([opened.db.execute(kill), duringThat(inner)])
            await inner.execute(sql`select ${1}::int`)
          })
        })
        expect(isDown(await refusal(work))).toBe(true)
        expect(await healed(db)).toEqual([{ one: 1 }])
      }
      await close()
    }
  })

  test('PostgreSQL crashes under requests and comes back: so do we, by ourselves', async () => {
    expect(await ask(opened.db)).toEqual([{ one: 1 }])
    const busy = Promise.all(
      Array.from({ length: 4 }, () =>
        refusal(opened.db.transaction((tx) => tx.execute(sql`select pg_sleep(20), ${1}::int`))),
      ),
    )
    await Bun.sleep(200)
    await postgres.kill()
    expect((await busy).every(isDown)).toBe(true)
    for (let round = 0; round < 5; round++) expect(isDown(await refusal(ask(opened.db)))).toBe(true)
    await postgres.start()
    expect(await healed(opened.db)).toEqual([{ one: 1 }])
  })

  test('PgBouncer restarts', async () => {
    expect(await ask(opened.db)).toEqual([{ one: 1 }])
    await pgbouncer.kill()
    expect(isDown(await refusal(ask(opened.db)))).toBe(true)
    await pgbouncer.start()
    expect(await healed(opened.db)).toEqual([{ one: 1 }])
  })

  test('connections that neither answer nor can be cancelled are replaced', async () => {
    const patient = openPostgres(settings(pgbouncer.urlOf('postgres'), 0.3, 2), log)
    expect(await ask(patient.db)).toEqual([{ one: 1 }])
    lines.length = 0
    pgbouncer.freeze()
    try {
      const late = [ask(patient.db), patient.db.transaction((tx) => ask(tx)), ask(patient.db)]
      expect((await Promise.all(late.map(refusal))).every(isDown)).toBe(true)
      while (!lines.some((line) => line.includes('do not answer'))) await Bun.sleep(20)
    } finally {
      pgbouncer.thaw()
    }
    expect(await healed(patient.db)).toEqual([{ one: 1 }])
    await patient.close()
  })

  async function healed(db: Db): Promise<unknown> {
    for (;;) {
      try {
        return await ask(db)
      } catch (error) {
        if (!isDown(error)) throw error
        await Bun.sleep(20)
      }
    }
  }
})
