const firstMs = 15 * 1000
const longestMs = 2 * 60 * 60 * 1000

/**
 * Until the next attempt: doubles from 15 seconds up to two hours, give or take a quarter, so that letters that
 * failed together do not come back together. `random` is in 0..1.
 */
export function retryDelayMs(attempts: number, random: number = Math.random()): number {
  const delay = Math.min(firstMs * 2 ** (attempts - 1), longestMs)
  return Math.round(delay * (0.75 + random / 2))
}
