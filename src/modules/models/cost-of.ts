import type { Prices } from '../../llm/llm.ts'

/** What one call has used. Cached tokens are some of the prompt's, those of reasoning some of the completion's. */
export interface UsedTokens {
  promptTokens: number
  cachedTokens?: number
  completionTokens: number
  reasoningTokens?: number
}

/**
 * What a call costs, in millionths of the currency: exact, and rounded up to a whole one once, at the end. Tokens that
 * a provider counts as cached or reasoned beyond all there are do not count twice.
 */
export function costOf(prices: Prices, tokens: UsedTokens): number {
  const cached = Math.min(tokens.cachedTokens ?? 0, tokens.promptTokens)
  const reasoning = Math.min(tokens.reasoningTokens ?? 0, tokens.completionTokens)
  const perMillion =
    product(tokens.promptTokens - cached, prices.input) +
    product(cached, prices.cachedInput ?? prices.input) +
    product(tokens.completionTokens - reasoning, prices.output) +
    product(reasoning, prices.reasoning ?? prices.output)
  return Number((perMillion + million - 1n) / million)
}

const million = 1_000_000n

/** A hundred million tokens at a high price are more than a number holds exactly. */
function product(tokens: number, price: number): bigint {
  return BigInt(tokens) * BigInt(price)
}
