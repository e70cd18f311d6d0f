import { describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import type { Db } from '../../../src/db/db.ts'
import type { Deps } from '../../../src/deps.ts'
import { AppError } from '../../../src/errors.ts'
import type { Kv } from '../../../src/kv/kv.ts'
import { createMemoryKv } from '../../../src/kv/memory.ts'
import { createLifecycle } from '../../../src/lib/lifecycle.ts'
import { checkHealth } from '../../../src/modules/status/check-health.ts'
import { statusRoutes } from '../../../src/modules/status/routes.ts'
import { embeddedDatabase } from '../../support/embedded-database.ts'

const start = new Date('2026-03-01T12:00:00Z')

/** The real database, watched: how often it was asked; it can be taken away. */
async function watchedDatabase() {
  const { db } = await embeddedDatabase()
  const watch = { asked: 0, isAway: false }
  const watched = new Proxy(db, {
    get(target, name) {
      if (name !== 'execute') return Reflect.get(target, name)
      return (...words: Parameters<Db['execute']>) => {
        watch.asked++
        if (watch.isAway) return Promise.reject(new AppError('dependency_down', 'away'))
        return target.execute(...words)
      }
    },
  })
  return { db: watched, watch }
}

/** What these routes have besides: nothing below touches it. */
const notAsked = {} as Pick<Deps, 'config' | 'llm' | 'log' | 'metrics' | 'settingsMemory' | 'offerMemory'>

async function setUp({ redis = 'embedded' as ReturnType<Kv['state']> } = {}) {
  const { db, watch } = await watchedDatabase()
  const clock = { now: start }
  const deps = {
    db,
    kv: { ...createMemoryKv(), state: () => redis },
    now: () => clock.now,
    lifecycle: createLifecycle(start),
    ...notAsked,
  }
  const app = new Elysia().use(statusRoutes(deps))
  const get = async (path: string) => {
    const response = await app.handle(new Request(`http://localhost${path}`))
    return { status: response.status, body: await response.json() }
  }
  const later = (ms: number) => {
    clock.now = new Date(clock.now.getTime() + ms)
  }
  return { deps, get, watch, later }
}

describe('health', () => {
  test('all is well', async () => {
    const { get, later } = await setUp()
    later(1500)
    const { status, body } = await get('/health')
    expect(status).toBe(200)
    expect(body).toEqual({
      status: 'healthy',
      service: 'cloudchat',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      timestamp: '2026-03-01T12:00:01.500Z',
      uptime: 1.5,
      services: { database: 'up', redis: 'embedded' },
      active_connections: 0,
    })
    expect(await get('/readyz')).toEqual({
      status: 200,
      body: { status: 'ready', services: { database: 'up', migrations: true, redis: 'embedded' } },
    })
    expect(await get('/livez')).toEqual({ status: 200, body: { status: 'alive' } })
  })

  test('without its Redis it is degraded and works', async () => {
    const { get } = await setUp({ redis: 'down' })
    const health = await get('/health')
    expect([health.status, health.body.status]).toEqual([200, 'degraded'])
    const ready = await get('/readyz')
    expect([ready.status, ready.body.status]).toEqual([200, 'degraded'])
  })

  test('without its database it lives, and is neither healthy nor ready; later it is again', async () => {
    const { get, watch, later } = await setUp()
    watch.isAway = true
    const health = await get('/health')
    expect([health.status, health.body.status]).toEqual([503, 'unhealthy'])
    expect(health.body.services.database).toBe('down')
    const ready = await get('/readyz')
    expect([ready.status, ready.body.status]).toEqual([503, 'unready'])
    expect((await get('/livez')).status).toBe(200)

    watch.isAway = false
    later(1000)
    expect((await get('/readyz')).status).toBe(200)
  })

  test('near its end it is not ready', async () => {
    const { deps, get } = await setUp()
    deps.lifecycle.isDraining = true
    const ready = await get('/readyz')
    expect([ready.status, ready.body.status]).toEqual([503, 'draining'])
    expect((await get('/livez')).status).toBe(200)
  })

  test('a thousand questions within a second are one to the database', async () => {
    const { deps, watch, later } = await setUp()
    const first = await checkHealth(deps)
    expect(first).toEqual({ database: true, schema: true, redis: true })
    const { asked } = watch
    await Promise.all(Array.from({ length: 1000 }, () => checkHealth(deps)))
    expect(watch.asked).toBe(asked)
    later(1000)
    await Promise.all(Array.from({ length: 1000 }, () => checkHealth(deps)))
    expect(watch.asked).toBe(2 * asked)
  })

  test('a database that does not answer is down', async () => {
    const silent = { execute: () => new Promise(() => {}) } as unknown as Db
    const deps = { db: silent, kv: createMemoryKv(), now: () => start }
    expect(await checkHealth(deps)).toMatchObject({ database: false, schema: false })
  })
})
