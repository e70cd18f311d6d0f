import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type Binary, startBinary } from '../support/binary.ts'
import { logIn, startHouse } from '../support/house.ts'
import { startPgbouncer } from '../support/pgbouncer.ts'
import { startPostgres } from '../support/postgres.ts'
import { hasPrograms } from '../support/services.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'

setDefaultTimeout(120_000)

describe.skipIf(!hasPrograms('postgres', 'pgbouncer', 'redis-server'))('outages', () => {
  test('Redis away: health says so and nothing else fails; it recovers by itself', async () => {
    await using house = await startHouse()
    const { app, redis, visitor } = house
    for (const fail of [redis.stop, redis.kill]) {
      const traffic = startTraffic(app)
      await fail()
      await until(async () => (await healthOf(app)).redis === 'down')
      expect(await (await fetch(`${app.url}/readyz`)).json()).toMatchObject({ status: 'degraded' })
      expect((await healthOf(app)).status).toBe('degraded')
      expect((await visitor.get('/auth/me')).status).toBe(200)
      expect((await visitor.post('/auth/login', logIn)).status).toBe(200)
      expect(await visitor.chat('without the store')).toContain('without the store')
      await redis.start()
      await until(async () => (await healthOf(app)).redis === 'up')
      expect((await healthOf(app)).status).toBe('healthy')
      expect(await traffic.stop()).toEqual({ refused: {} })
    }
  })

  test('a Redis that hangs delays nobody for long', async () => {
    await using house = await startHouse()
    const { app, redis, visitor } = house
    redis.freeze()
    await until(async () => (await healthOf(app)).redis === 'down')
    expect((await visitor.post('/auth/login', logIn)).status).toBe(200)
    expect(await visitor.chat('hello')).toContain('hello')
    redis.thaw()
    await until(async () => (await healthOf(app)).redis === 'up')
  })

  test('limits do not fail open without Redis', async () => {
    await using house = await startHouse({ LIMIT_CHAT_IP: '3/60' })
    await house.redis.stop()
    const statuses = []
    for (let count = 0; count < 6; count++) {
      statuses.push((await createVisitor(house.app.url).post('/deepseek_chat', { message: 'hello' })).status)
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2)
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([])
  })

  test('PostgreSQL away: 503 with Retry-After where it is needed, chat goes on; it recovers by itself', async () => {
    await using house = await startHouse()
    const { app, postgres, visitor } = house
    for (const fail of [postgres.stop, postgres.kill]) {
      const traffic = startTraffic(app)
      await fail()
      const refused = await visitor.post('/auth/login', logIn)
      expect([refused.status, await refused.json()]).toEqual([
        503,
        { ok: false, error: 'Service unavailable' },
      ])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await fetch(`${app.url}/livez`)).status).toBe(200)
      await until(async () => (await fetch(`${app.url}/readyz`)).status === 503)
      expect((await healthOf(app)).status).toBe('unhealthy')
      await until(async () => (await visitor.get('/auth/me')).status === 503)
      expect(await visitor.chat('without the database')).toContain('without the database')
      await postgres.start()
      await until(async () => (await fetch(`${app.url}/readyz`)).status === 200)
      await until(async () => (await visitor.post('/auth/login', logIn)).status === 200)
      expect((await visitor.get('/auth/me')).status).toBe(200)
      // Only what needs the database was refused, and only so.
      const { refused: kinds } = await traffic.stop()
      expect(Object.keys(kinds).filter((kind) => kind !== '/auth/login 503')).toEqual([])
    }
  })

  test('started before its database, it waits for it', async () => {
    const postgres = await startPostgres()
    const pgbouncer = await startPgbouncer(postgres.port)
    await postgres.stop()
    const starting = startBinary({ env: { DATABASE_URL: pgbouncer.urlOf('postgres') } })
    const comesUp = starting.then((binary) => binary.stop())
    await Bun.sleep(1500)
    await postgres.start()
    await comesUp
    await pgbouncer.stop()
    await postgres.stop()
  })
})

/** People who log in and chat all the while. What was answered otherwise than 200, and how often. */
function startTraffic(app: Binary): { stop(): Promise<{ refused: Record<string, number> }> } {
  const refused: Record<string, number> = {}
  let isRunning = true
  const come = async (act: (visitor: Visitor) => Promise<Response>, path: string) => {
    while (isRunning) {
      const status = await act(createVisitor(app.url))
        .then(statusAtTheEnd)
        .catch(() => 'no answer')
      const kind = `${path} ${status}`
      if (status !== 200) refused[kind] = (refused[kind] ?? 0) + 1
      await Bun.sleep(20)
    }
  }
  const people = [
    come((visitor) => visitor.post('/auth/login', logIn), '/auth/login'),
    come((visitor) => visitor.post('/deepseek_chat', { message: 'hello' }), '/deepseek_chat'),
    come((visitor) => visitor.get('/livez'), '/livez'),
  ]
  return {
    async stop() {
      isRunning = false
      await Promise.all(people)
      return { refused }
    },
  }
}

/** Throws when the answer was cut. */
async function statusAtTheEnd(response: Response): Promise<number> {
  await response.text()
  return response.status
}

async function healthOf(app: Binary): Promise<{ status: string; redis: string }> {
  const health = (await (await fetch(`${app.url}/health`)).json()) as {
    status: string
    services: { redis: string }
  }
  return { status: health.status, redis: health.services.redis }
}

/** Asks again and again; the test's own time limit ends it. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await Bun.sleep(50)
}
