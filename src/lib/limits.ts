import { AppError } from '../errors.ts'

/** A fixed window: at most `count` hits in `windowSeconds`; null: no limit. */
export type Limit = { count: number; windowSeconds: number } | null

/** The part of the store that limits need. */
interface Counter {
  increment(key: string, windowSeconds: number): Promise<{ count: number; resetSeconds: number }>
}

/** A limit, and how far it is used up in this window. */
export interface Standing {
  count: number
  windowSeconds: number
  left: number
  resetSeconds: number
}

/**
 * Counts one hit, and tells `note` how the limit stands then. Throws `rate_limited`, with the seconds until the window
 * turns over, when it is one too many.
 */
export async function countHit(
  counter: Counter,
  key: string,
  limit: Limit,
  note?: (standing: Standing) => void,
): Promise<void> {
  if (limit === null) return
  const { count, resetSeconds } = await counter.increment(key, limit.windowSeconds)
  note?.({ ...limit, left: Math.max(limit.count - count, 0), resetSeconds })
  if (count > limit.count) {
    throw new AppError('rate_limited', 'Too many requests', { retryAfterSeconds: resetSeconds })
  }
}
