import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { planOf } from '../auth/plan-of.ts'
import { fallbacksOf, findModel, listModels, type Model } from './find-model.ts'
import { refreshModels } from './refresh-models.ts'

type ChooseDeps = Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>

/**
 * The model that somebody is to be answered by: the one that he names, or the first that his plan allows. Only what his
 * plan includes stands in for it. `userId` null: a visitor without an account. Throws `invalid_request` for one that
 * there is not, `forbidden` for one that his plan does not include.
 */
export async function chooseModel(
  deps: ChooseDeps,
  userId: number | null,
  wanted: string | null,
): Promise<Model> {
  await refreshModels(deps)
  const found = findModel(deps, wanted)
  const others = fallbacksOf(deps, found)
  // Most models are everybody's, and nobody's plan has to be looked up.
  if ([found, ...others].every(({ plans }) => plans === null)) return found
  const plan = userId === null ? deps.config.auth.defaultPlan : await planOf(deps, userId)
  const model = isInPlan(found, plan) ? found : wanted === null ? firstOf(deps, plan) : undefined
  if (model === undefined) throw new AppError('forbidden', 'Your plan does not include this model')
  const mayStandIn = fallbacksOf(deps, model).filter((one) => isInPlan(one, plan))
  return { ...model, fallbacks: mayStandIn.map(({ id }) => id) }
}

function firstOf(deps: ChooseDeps, plan: string): Model | undefined {
  return listModels(deps).find((one) => isInPlan(one, plan))
}

export function isInPlan({ plans }: Pick<Model, 'plans'>, plan: string): boolean {
  return plans === null || plans.includes(plan)
}
