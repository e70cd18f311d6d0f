import { startBinary } from './binary.ts'
import { noLimits } from './binary-on-stack.ts'
import { startPgbouncer } from './pgbouncer.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import { createVisitor } from './visitor.ts'

const person = { email: 'ren.da@example.com', password: 'correct horse 1' }
export const logIn = { identifier: person.email, password: person.password }

/** The executable with a PostgreSQL, PgBouncer and Redis that are nobody else's, and one person logged in. */
export async function startHouse(env: Record<string, string> = {}) {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const pgbouncer = await startPgbouncer(postgres.port)
  const app = await startBinary({
    env: {
      SECRET_KEY: 'only for tests, 0123456789',
      ...noLimits,
      DATABASE_URL: pgbouncer.urlOf('postgres'),
      REDIS_URL: redis.url,
      ...env,
    },
  })
  const visitor = createVisitor(app.url)
  await visitor.post('/auth/register', person)
  await visitor.post('/auth/login', logIn)
  return {
    app,
    postgres,
    redis,
    visitor,
    async [Symbol.asyncDispose]() {
      for (const server of [app, pgbouncer, postgres, redis]) await server.stop()
    },
  }
}
