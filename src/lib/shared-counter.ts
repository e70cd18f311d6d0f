/** The part of the store that counters need. */
interface Store {
  increment(
    key: string,
    windowSeconds: number,
    hits: number,
  ): Promise<{ count: number; resetSeconds: number }>
}

/** Hits in fixed windows, of this process and of all others. */
export interface SharedCounter {
  /** Counts one hit; the answer has it. */
  count(
    key: string,
    limit: { count: number; windowSeconds: number },
  ): Promise<{ count: number; resetSeconds: number }>
}

interface Window {
  /** By `performance.now()`. */
  endsAt: number
  /** Hits of this process, and those of them that the store knows of. */
  own: number
  told: number
  /** Hits of other processes, when the store was asked last. */
  others: number
  toldAt: number
  telling: Promise<void> | null
}

const tellEveryMs = 200
const mostWindows = 10_000

/** So near its limit a counter is asked at each hit. */
const nearLimit = 0.9

/**
 * Counts here and tells the store of it five times a second, in place of a round trip for each hit. What this process
 * counts is exact; of the hits of others it hears so much later, but for the last tenth before the limit.
 */
export function createSharedCounter(store: Store): SharedCounter {
  const windows = new Map<string, Window>()

  return {
    async count(key, limit) {
      const window = windowOf(key)
      const hit = ++window.own
      const isUnknown = window.endsAt === 0
      const isNear = hit + window.others >= limit.count * nearLimit
      if (isUnknown || isNear || performance.now() - window.toldAt >= tellEveryMs) {
        const told = tell(key, window, limit.windowSeconds)
        if (isUnknown || isNear) await told
        else told.catch(() => {})
      }
      return { count: hit + window.others, resetSeconds: secondsLeft(window, limit.windowSeconds) }
    },
  }

  function windowOf(key: string): Window {
    const known = windows.get(key)
    if (known !== undefined && (known.endsAt === 0 || performance.now() < known.endsAt)) return known
    windows.delete(key)
    const window = { endsAt: 0, own: 0, told: 0, others: 0, toldAt: 0, telling: null }
    dropOld()
    windows.set(key, window)
    return window
  }

  /** One after the other, so that a later answer is never overtaken by an earlier one. */
  async function tell(key: string, window: Window, windowSeconds: number): Promise<void> {
    while (window.telling !== null) await window.telling
    const hits = window.own - window.told
    if (hits === 0) return
    window.telling = tellOf(key, window, windowSeconds, hits).finally(() => {
      window.telling = null
    })
    await window.telling
  }

  async function tellOf(key: string, window: Window, windowSeconds: number, hits: number): Promise<void> {
    window.toldAt = performance.now()
    const { count, resetSeconds } = await store.increment(key, windowSeconds, hits)
    window.told += hits
    // Less than our own: the store has lost it.
    window.others = Math.max(count - window.told, 0)
    window.endsAt = performance.now() + resetSeconds * 1000
  }

  function dropOld(): void {
    const now = performance.now()
    for (const [key, { endsAt, telling }] of windows) {
      if (windows.size < mostWindows && (endsAt > now || telling !== null)) return
      windows.delete(key)
    }
  }
}

function secondsLeft({ endsAt }: Window, windowSeconds: number): number {
  if (endsAt === 0) return windowSeconds
  return Math.max(1, Math.ceil((endsAt - performance.now()) / 1000))
}
