import { afterAll, beforeAll, describe } from 'bun:test'
import { loadConfig } from '../../../src/config.ts'
import type { Kv } from '../../../src/kv/kv.ts'
import { openKv } from '../../../src/kv/open-kv.ts'
import { createLog } from '../../../src/lib/log.ts'
import { hasServices, services } from '../../support/services.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** Two views of one store: with Redis two connections, as two processes have them; in process the same one twice. */
export interface Store {
  here: Kv
  there: Kv
}

/** Declares the same tests over the in-process store and over Redis. The store is there once a test runs. */
export function describeOnBothStores(name: string, body: (store: Store) => void): void {
  describeOn(
    `${name} (in process)`,
    async () => {
      const kv = await openKv(null, createLog('silent'))
      return { here: kv, there: kv }
    },
    body,
  )
  if (!hasServices()) return
  describeOn(
    `${name} (Redis)`,
    async () => {
      const { redisUrl } = await services()
      const { redis } = loadConfig({ DATA_DIR: tempFolder('store'), REDIS_URL: redisUrl })
      const open = () => openKv(redis, createLog('silent'))
      return { here: await open(), there: await open() }
    },
    body,
  )
}

function describeOn(name: string, open: () => Promise<Store>, body: (store: Store) => void): void {
  describe(name, () => {
    const store = {} as Store
    beforeAll(async () => {
      Object.assign(store, await open())
    }, 60_000)
    afterAll(() => Promise.all([store.here.close(), store.there.close()]))
    body(store)
  })
}
