import type { Deps } from '../../deps.ts'
import type { User } from '../auth/user.ts'
import { isInPlan } from '../models/choose-model.ts'
import { type ImageModel, listImageModels } from '../models/image-models.ts'
import { refreshModels } from '../models/refresh-models.ts'

/** A model that draws, as one person sees it. */
export interface ImageChoice extends ImageModel {
  isAvailable: boolean
  /** Draws for him where he names none. */
  isDefault: boolean
}

/**
 * Every one, also those that this person's plan does not include, or that are not `allowed` to the API key that asks
 * (null: all are). Asks no provider.
 */
export async function listImageChoices(
  deps: Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>,
  { plan }: Pick<User, 'plan'>,
  allowed: string[] | null,
): Promise<ImageChoice[]> {
  await refreshModels(deps)
  const models = listImageModels(deps)
  const isAvailable = (model: ImageModel) =>
    isInPlan(model, plan ?? deps.config.auth.defaultPlan) && (allowed?.includes(model.id) ?? true)
  const first = models.find(isAvailable)
  return models.map((model) => ({ ...model, isAvailable: isAvailable(model), isDefault: model === first }))
}
