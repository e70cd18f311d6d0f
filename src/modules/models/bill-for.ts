import type { Deps } from '../../deps.ts'
import { costOf, type UsedTokens } from './cost-of.ts'

/** Who is paid for a call, and how much. */
export interface Bill {
  provider: string
  /** In millionths of the currency; null: no price is known. */
  costMicros: number | null
}

/** Of a call to the model of this id, which may be one that is no longer offered. */
export function billFor(
  { llm, offerMemory }: Pick<Deps, 'llm' | 'offerMemory'>,
  modelId: string,
  tokens: UsedTokens,
): Bill {
  const model = llm.models().find(({ id }) => id === modelId)
  const painter = model === undefined ? offerMemory.painters.find(({ id }) => id === modelId) : undefined
  const prices = model?.offer?.prices ?? painter?.prices ?? null
  return {
    provider: model?.ref.provider ?? painter?.ref.provider ?? providerIn(modelId),
    costMicros: prices && costOf(prices, tokens),
  }
}

function providerIn(modelId: string): string {
  return modelId.split('/', 1)[0] ?? modelId
}
