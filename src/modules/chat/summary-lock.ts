import type { Deps } from '../../deps.ts'
import { createToken } from '../../lib/tokens.ts'

export interface SummaryLock {
  /** For another step. */
  prolong(): Promise<void>
  release(): Promise<void>
}

/** Longer than one step takes: a process that died holds up no conversation for longer. */
const leaseSeconds = 150

/** After each failure in a row four times as long, for up to six hours. */
const firstPauseSeconds = 60
const longestPauseSeconds = 6 * 3600

/**
 * Nobody else summarises this conversation, on whichever instance. `elsewhere`: somebody does already, and we have
 * waited for his end, no longer than an answer waits. `paused`: it has failed lately. `isAnew`: somebody wants it now,
 * whatever has failed, and does not wait for others.
 */
export async function lockSummary(
  { kv, config }: Pick<Deps, 'kv' | 'config'>,
  conversationId: string,
  { isAnew }: { isAnew: boolean },
): Promise<SummaryLock | 'elsewhere' | 'paused'> {
  if (!isAnew && (await kv.get(pauseKey(conversationId))) !== null) return 'paused'
  const key = `summary:${conversationId}`
  const token = createToken()
  const { promise: isOver, resolve } = Promise.withResolvers<void>()
  // Before the try, or its end could go by unheard.
  const stopListening = kv.subscribe(key, () => resolve())
  try {
    if (!(await kv.setIfAbsent(key, token, leaseSeconds))) {
      const timer = setTimeout(resolve, isAnew ? 0 : (config.turns.summaryTimeoutSeconds ?? 0) * 1000)
      await isOver
      clearTimeout(timer)
      return 'elsewhere'
    }
  } finally {
    stopListening()
  }
  return {
    async prolong() {
      await kv.expire(key, leaseSeconds)
    },
    async release() {
      await kv.deleteIfEquals(key, token)
      kv.publish(key, '')
    },
  }
}

export async function pauseSummaries({ kv }: Pick<Deps, 'kv'>, conversationId: string): Promise<void> {
  const { count } = await kv.increment(`summary-failures:${conversationId}`, longestPauseSeconds * 2)
  const seconds = Math.min(firstPauseSeconds * 4 ** (count - 1), longestPauseSeconds)
  await kv.set(pauseKey(conversationId), '1', seconds)
}

function pauseKey(conversationId: string): string {
  return `summary-pause:${conversationId}`
}
