import type { Deps } from '../../deps.ts'
import type { User } from '../auth/user.ts'
import { isInPlan } from './choose-model.ts'
import { listModels, type Model } from './find-model.ts'
import { refreshModels } from './refresh-models.ts'

/** A model as one person sees it. */
export interface Choice extends Model {
  isAvailable: boolean
  /** Answers him where he names none. */
  isDefault: boolean
}

/** Every model, also those that this person's plan does not include. Asks no provider. */
export async function listChoices(
  deps: Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>,
  { plan }: Pick<User, 'plan'>,
): Promise<Choice[]> {
  await refreshModels(deps)
  const models = listModels(deps)
  const isAvailable = (model: Model) => isInPlan(model, plan ?? deps.config.auth.defaultPlan)
  const first = models.find(isAvailable)
  return models.map((model) => ({
    ...model,
    isAvailable: isAvailable(model),
    isDefault: model === first,
  }))
}
