import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { withoutDeadline } from './deadline.ts'
import { listMigrations, type Migration, programLevel } from './migrations.ts'
import { rowsOf } from './rows.ts'

/**
 * Brings the schema up to date and returns how many migrations that took. All or nothing; of several instances
 * that start at once one does the work and the others wait. Throws, with words for the operator, when the schema
 * is one that only a newer CloudChat may run on.
 */
export function migrate(db: Db, migrations: Migration[] = listMigrations()): Promise<number> {
  return withoutDeadline(() =>
    db.transaction(async (tx) => {
      // Held by the transaction, not the session: behind PgBouncer there is no session of one's own.
      await tx.execute(sql`select pg_advisory_xact_lock(${lockKey})`)
      await createRecord(tx)
      const applied = await listApplied(tx)
      refuseNewer(applied)
      const names = new Set(applied.map(({ name }) => name))
      const missing = migrations.filter(({ name }) => !names.has(name))
      for (const migration of missing) await apply(tx, migration)
      return missing.length
    }),
  )
}

/** True when this program may run on the schema as it is. Rejects when the database is away. */
export async function isSchemaCurrent(db: Db, migrations: Migration[] = listMigrations()): Promise<boolean> {
  if (!(await hasRecord(db))) return false
  const applied = await listApplied(db)
  const names = new Set(applied.map(({ name }) => name))
  return (
    migrations.every(({ name }) => names.has(name)) &&
    applied.every(({ neededLevel }) => neededLevel <= programLevel)
  )
}

/** Any number that nobody else takes in this database. */
const lockKey = 7_355_608

interface Applied {
  name: string
  neededLevel: number
}

async function hasRecord(db: Db): Promise<boolean> {
  // Not to_regclass: its answer may come from a cache that does not know what another instance did a moment ago.
  const tables = await db.execute(
    sql`select from pg_tables where schemaname = 'migrations' and tablename = 'applied'`,
  )
  return rowsOf(tables).length > 0
}

/** Apart from the tables, in a schema of its own. Asked first: `if not exists` would need the right to create. */
async function createRecord(db: Db): Promise<void> {
  if (await hasRecord(db)) return
  await db.execute(sql`create schema migrations`)
  await db.execute(sql`
    create table migrations.applied (
      name text primary key,
      needed_level integer not null,
      applied_at timestamptz not null default now()
    )`)
}

async function listApplied(db: Db): Promise<Applied[]> {
  return rowsOf<Applied>(
    await db.execute(sql`select name, needed_level as "neededLevel" from migrations.applied`),
  )
}

function refuseNewer(applied: Applied[]): void {
  const newer = applied.find(({ neededLevel }) => neededLevel > programLevel)
  if (newer === undefined) return
  throw new Error(
    `The database was changed by a newer CloudChat (${newer.name} needs level ${newer.neededLevel}, ` +
      `this program has level ${programLevel}). Run that release or a later one.`,
  )
}

async function apply(db: Db, { name, statements, neededLevel }: Migration): Promise<void> {
  for (const statement of statements) await db.execute(sql.raw(statement))
  await db.execute(sql`insert into migrations.applied (name, needed_level) values (${name}, ${neededLevel})`)
}
