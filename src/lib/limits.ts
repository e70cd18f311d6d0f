import { AppError } from '../errors.ts'

/** A fixed window: at most `count` hits in `windowSeconds`; null: no limit. */
export type Limit = { count: number; windowSeconds: number } | null

/** The part of the store that limits need. */
interface Counter {
  increment(key: string, windowSeconds: number): Promise<{ count: number; resetSeconds: number }>
}

/** Counts one hit. Throws `rate_limited`, with the seconds until the window turns over, when it is one too many. */
export async function countHit(counter: Counter, key: string, limit: Limit): Promise<void> {
  if (limit === null) return
  const { count, resetSeconds } = await counter.increment(key, limit.windowSeconds)
  if (count > limit.count) {
    throw new AppError('rate_limited', 'Too many requests', { retryAfterSeconds: resetSeconds })
  }
}
