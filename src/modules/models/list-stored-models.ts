import type { Deps } from '../../deps.ts'
import {
  holdsText,
  type Order,
  type PageWish,
  pageOfAll,
  type SortedPage,
  sortRows,
} from '../../lib/sorted-page.ts'
import { listModels as listChoices } from './find-model.ts'
import { listImageModels } from './image-models.ts'
import { listModels, type StoredModel } from './store.ts'

/** `unusable`: its provider cannot be asked. */
export type ModelStatus = 'in_use' | 'unusable' | 'disabled'
export type ModelSort = 'position' | 'name' | 'provider' | 'context_window' | 'price' | 'status'

export interface ModelFilter {
  /** Part of its name, its id, or what the provider calls it. */
  search: string | null
  provider: string | null
  status: ModelStatus | null
}

type ModelDeps = Parameters<typeof listImageModels>[0]

/** Entries about models; `position`: in the order in which they are shown. Throws `invalid_request` for what is no cursor. */
export async function listStoredModels(
  deps: ModelDeps & Pick<Deps, 'db'>,
  { search, provider, status }: ModelFilter,
  wish: PageWish<ModelSort, number | null>,
): Promise<SortedPage<StoredModel>> {
  const found = (await listModels(deps.db)).filter(
    (model) =>
      holdsText(search, [model.name, model.modelId, model.upstream]) &&
      (provider === null || model.provider === provider) &&
      (status === null || statusOf(deps, model) === status),
  )
  return pageOfAll(inOrder(deps, found, wish.order), ({ id }) => id, wish)
}

/** It can be chosen: it is enabled, and its provider can be asked. */
export function isUsable(deps: ModelDeps, { modelId }: StoredModel): boolean {
  return [...listChoices(deps), ...listImageModels(deps)].some(({ id }) => id === modelId)
}

function statusOf(deps: ModelDeps, model: StoredModel): ModelStatus {
  if (!model.isEnabled) return 'disabled'
  return isUsable(deps, model) ? 'in_use' : 'unusable'
}

/** They come as they are shown; what is not known is the least. */
function inOrder(
  deps: ModelDeps,
  models: StoredModel[],
  { by, isDescending }: Order<ModelSort>,
): StoredModel[] {
  switch (by) {
    case 'position':
      return isDescending ? models.toReversed() : models
    case 'name':
      return sortRows(models, ({ name }) => name, isDescending)
    case 'provider':
      return sortRows(models, ({ provider, upstream }) => `${provider}/${upstream}`, isDescending)
    case 'context_window':
      return sortRows(models, ({ contextWindow }) => contextWindow ?? 0, isDescending)
    case 'price':
      return sortRows(models, priceOf, isDescending)
    case 'status':
      return sortRows(models, (model) => statusOf(deps, model), isDescending)
  }
}

/** Of as many tokens in as out; of what only draws nothing is known of that. */
function priceOf({ inputMicros, outputMicros }: StoredModel): number {
  return inputMicros === null || outputMicros === null ? -1 : inputMicros + outputMicros
}
