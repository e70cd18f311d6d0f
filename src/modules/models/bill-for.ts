import { costOf, type UsedTokens } from './cost-of.ts'
import type { Model } from './find-model.ts'

/** A model that may answer a call, as it was offered when the call was let in. */
export type PricedModel = Pick<Model, 'ref' | 'id' | 'prices'>

/** Who is paid for a call, and how much. */
export interface Bill {
  provider: string
  /** In millionths of the currency; null: no price is known. */
  costMicros: number | null
}

/**
 * Of a call that the one of `models` with this id has answered. They are those of its beginning: what is offered at its
 * end may cost something else by then, or be gone.
 */
export function billFor(models: readonly PricedModel[], modelId: string, tokens: UsedTokens): Bill {
  const model = models.find(({ id }) => id === modelId)
  const prices = model?.prices ?? null
  return {
    provider: model?.ref.provider ?? providerIn(modelId),
    costMicros: prices && costOf(prices, tokens),
  }
}

function providerIn(modelId: string): string {
  return modelId.split('/', 1)[0] ?? modelId
}
