import { describe } from 'bun:test'
import { hasServices, services } from './services.ts'
import { createTestDatabase } from './test-database.ts'

/** Where the data lives: settings for the service, to be released when it has ended. */
export interface Stack {
  name: 'embedded' | 'services'
  prepare(): Promise<{ env: Record<string, string>; release(): Promise<void> }>
}

export const embeddedStack: Stack = {
  name: 'embedded',
  prepare: async () => ({ env: {}, release: async () => {} }),
}

/** A database of its own on PostgreSQL through PgBouncer, and an empty Redis. */
export const servicesStack: Stack = {
  name: 'services',
  async prepare() {
    const { redisUrl } = await services()
    const database = await createTestDatabase()
    await emptyRedis(redisUrl)
    return { env: { DATABASE_URL: database.url, REDIS_URL: redisUrl }, release: database.drop }
  },
}

/** Declares the same tests twice: embedded, and on PostgreSQL through PgBouncer with Redis. */
export function describeOnStacks(name: string, body: (stack: Stack) => void): void {
  describe(`${name} (embedded)`, () => body(embeddedStack))
  describe.skipIf(!hasServices())(`${name} (PostgreSQL, PgBouncer, Redis)`, () => body(servicesStack))
}

async function emptyRedis(url: string): Promise<void> {
  const client = new Bun.RedisClient(url)
  await client.send('FLUSHDB', [])
  client.close()
}
