import type { Deps } from '../../deps.ts'
import type { Prices } from '../../llm/llm.ts'

/** Who is paid for a model, and how much; null: nobody has said. */
export interface Tariff {
  provider: string
  prices: Prices | null
}

/** By the model's id, which may be that of one that is no longer offered. */
export function tariffOf({ llm }: Pick<Deps, 'llm'>, modelId: string): Tariff {
  const model = llm.models().find(({ id }) => id === modelId)
  return { provider: model?.ref.provider ?? providerIn(modelId), prices: model?.offer?.prices ?? null }
}

function providerIn(modelId: string): string {
  return modelId.split('/', 1)[0] ?? modelId
}
