import type { RedisConfig } from '../config.ts'
import { describeError } from '../lib/describe-error.ts'
import type { Log } from '../lib/log.ts'
import { createFallbackKv } from './fallback.ts'
import type { Kv } from './kv.ts'
import { createMemoryKv } from './memory.ts'

/** With a probe's own time limit this tells within a second that Redis is gone or back, traffic or none. */
const checkEveryMs = 400
const patienceAtStartMs = 1000

/** The store: in this process without Redis. With it, starts whether or not Redis is there, and says so in the log. */
export async function openKv(config: RedisConfig | null, log: Log): Promise<Kv> {
  if (config === null) return withSafeListeners(createMemoryKv(), log)
  // Here, since who has no Redis need not load what speaks to it.
  const { createRedisStore } = await import('./redis.ts')
  const redis = createRedisStore(config)
  const kv = createFallbackKv(redis, createMemoryKv(), log)
  const firstAnswer = new Promise<void>((resolve) => {
    redis.listen({
      onReady: () => void kv.check().then(resolve),
      onFailure(reason) {
        kv.failed(reason)
        resolve()
      },
      onRefusal: once((reason) => {
        log.warn(
          { reason },
          'Redis refuses messages: other instances hear nothing from this one, or it from them',
        )
      }),
    })
  })
  await Promise.race([firstAnswer, Bun.sleep(patienceAtStartMs)])
  await kv.check()
  const timer = setInterval(() => void kv.check(), checkEveryMs)
  timer.unref()
  return {
    ...withSafeListeners(kv, log),
    async close() {
      clearInterval(timer)
      await kv.close()
    },
  }
}

/** A listener that throws is logged; nobody could catch it. */
function withSafeListeners(kv: Kv, log: Log): Kv {
  return {
    ...kv,
    subscribe: (channel, listener) =>
      kv.subscribe(channel, (message) => {
        try {
          listener(message)
        } catch (error) {
          log.error({ channel, error: describeError(error) }, 'a message could not be taken in')
        }
      }),
  }
}

function once(say: (reason: string) => void): (reason: string) => void {
  let isSaid = false
  return (reason) => {
    if (!isSaid) say(reason)
    isSaid = true
  }
}
