import type { Prices } from '../../llm/llm.ts'

/**
 * What a call costs at most, whichever of these models answers it: one that stands in may be dearer, and nobody knows
 * before that it will. null: no price is known.
 */
export function highestPrices(models: readonly { prices: Prices | null }[]): Prices | null {
  const known = models.flatMap(({ prices }) => prices ?? [])
  if (known.length === 0) return null
  return {
    input: Math.max(...known.map(({ input }) => input)),
    cachedInput: null,
    output: Math.max(...known.map(({ output, reasoning }) => Math.max(output, reasoning ?? 0))),
    reasoning: null,
  }
}
