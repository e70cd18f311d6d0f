import type { Deps } from '../../deps.ts'
import { withTimeLimit } from '../../lib/time-limit.ts'
import { hasCurrentSchema, pingDatabase } from './store.ts'

export interface Health {
  database: boolean
  /** The database is there and every migration has been run. */
  schema: boolean
  /** True also when none is configured. */
  redis: boolean
}

type HealthDeps = Pick<Deps, 'db' | 'kv' | 'now'>

const maxAgeMs = 1000
const databaseDeadlineMs = 2000

const latest = new WeakMap<HealthDeps['db'], { at: number; database: Promise<DatabaseHealth> }>()

type DatabaseHealth = Pick<Health, 'database' | 'schema'>

/**
 * What this instance can reach. Never throws, answers within two seconds, asks the database at most once a second
 * however often it is asked itself.
 */
export async function checkHealth(deps: HealthDeps): Promise<Health> {
  const { database, schema } = await databaseHealth(deps)
  return { database, schema, redis: deps.kv.state() !== 'down' }
}

function databaseHealth({ db, now }: HealthDeps): Promise<DatabaseHealth> {
  const at = now().getTime()
  const known = latest.get(db)
  if (known !== undefined && Math.abs(at - known.at) < maxAgeMs) return known.database
  const database = askDatabase(db)
  latest.set(db, { at, database })
  return database
}

async function askDatabase(db: HealthDeps['db']): Promise<DatabaseHealth> {
  try {
    await inTime(pingDatabase(db))
    return { database: true, schema: await inTime(hasCurrentSchema(db)) }
  } catch {
    return { database: false, schema: false }
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return withTimeLimit(work, databaseDeadlineMs, 'the database took too long')
}
