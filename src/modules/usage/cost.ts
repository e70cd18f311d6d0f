import type { Prices } from '../../llm/llm.ts'

export interface PricedTokens {
  promptTokens: number
  /** Of the prompt. */
  cachedTokens: number
  completionTokens: number
  /** Of the completion. */
  reasoningTokens: number
}

/** What tokens cost, in millionths of the currency; null where no price is known. */
export function costOf(prices: Prices | null, tokens: PricedTokens): number | null {
  if (prices === null) return null
  const { input, output, cachedInput, reasoning } = prices
  const { promptTokens, cachedTokens, completionTokens, reasoningTokens } = tokens
  const forMillions =
    input * (promptTokens - cachedTokens) +
    (cachedInput ?? input) * cachedTokens +
    output * (completionTokens - reasoningTokens) +
    (reasoning ?? output) * reasoningTokens
  return Math.round(forMillions / 1_000_000)
}
