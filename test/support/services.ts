import { startPgbouncer } from './pgbouncer.ts'
import { startPostgres } from './postgres.ts'
import { findProgram } from './programs.ts'
import { startRedis } from './redis.ts'

/** The shared PostgreSQL, PgBouncer and Redis of a test run. Tests that stop a service start their own. */
export interface Services {
  /** Straight to PostgreSQL, as an account that may create databases. */
  postgresUrl: string
  /** Through PgBouncer in transaction mode; any database name of that server works in it. */
  pgbouncerUrl: string
  redisUrl: string
}

let started: Promise<Services> | null = null

/** False: these tests must be skipped on this machine. Throws where nothing may be skipped. */
export function hasServices(): boolean {
  if (process.env.TEST_POSTGRES_URL) return true
  return hasPrograms('postgres', 'pgbouncer', 'redis-server')
}

/** False: a test that needs these programs must be skipped here. Throws where nothing may be skipped. */
export function hasPrograms(...needed: Parameters<typeof findProgram>[0][]): boolean {
  const missing = needed.filter((program) => !findProgram(program))
  if (missing.length > 0 && process.env.TEST_REQUIRE_ALL)
    throw new Error(`not installed: ${missing.join(', ')}`)
  return missing.length === 0
}

/** The services that the test command started; a lone `bun test` starts its own. They end with the process. */
export function services(): Promise<Services> {
  started ??= servicesOfTheRun() ?? startServices()
  return started
}

/** Starts all three on private ports. */
export async function startServices(): Promise<Services & { stop(): Promise<void> }> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const pgbouncer = await startPgbouncer(postgres.port)
  return {
    postgresUrl: postgres.url,
    pgbouncerUrl: pgbouncer.urlOf('postgres'),
    redisUrl: redis.url,
    async stop() {
      for (const server of [pgbouncer, postgres, redis]) await server.stop()
    },
  }
}

function servicesOfTheRun(): Promise<Services> | null {
  const { TEST_POSTGRES_URL, TEST_PGBOUNCER_URL, TEST_REDIS_URL } = process.env
  if (!TEST_POSTGRES_URL || !TEST_PGBOUNCER_URL || !TEST_REDIS_URL) return null
  return Promise.resolve({
    postgresUrl: TEST_POSTGRES_URL,
    pgbouncerUrl: TEST_PGBOUNCER_URL,
    redisUrl: TEST_REDIS_URL,
  })
}
