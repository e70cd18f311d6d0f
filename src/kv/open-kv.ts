import type { RedisConfig } from '../config.ts'
import type { Log } from '../lib/log.ts'
import { createFallbackKv } from './fallback.ts'
import type { Kv } from './kv.ts'
import { createMemoryKv } from './memory.ts'
import { createRedisStore } from './redis.ts'

/** With a probe's own time limit this tells within a second that Redis is gone or back, traffic or none. */
const checkEveryMs = 400
const patienceAtStartMs = 1000

/** The store: in this process without Redis. With it, starts whether or not Redis is there, and says so in the log. */
export async function openKv(config: RedisConfig | null, log: Log): Promise<Kv> {
  if (config === null) return createMemoryKv()
  const redis = createRedisStore(config)
  const kv = createFallbackKv(redis, createMemoryKv(), log)
  const firstAnswer = new Promise<void>((resolve) => {
    redis.listen({
      onReady: () => void kv.check().then(resolve),
      onFailure(reason) {
        kv.failed(reason)
        resolve()
      },
    })
  })
  await Promise.race([firstAnswer, Bun.sleep(patienceAtStartMs)])
  await kv.check()
  const timer = setInterval(() => void kv.check(), checkEveryMs)
  timer.unref()
  return {
    ...kv,
    async close() {
      clearInterval(timer)
      await kv.close()
    },
  }
}
