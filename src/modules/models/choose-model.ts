import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { planOf } from '../auth/plan-of.ts'
import { findModel, listModels, type Model } from './find-model.ts'
import { refreshModels } from './refresh-models.ts'

type ChooseDeps = Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>

/**
 * The model that somebody is to be answered by: the one that he names, or the first that his plan allows. `userId`
 * null: a visitor without an account. Throws `invalid_request` for one that there is not, `forbidden` for one that his
 * plan does not include.
 */
export async function chooseModel(
  deps: ChooseDeps,
  userId: number | null,
  wanted: string | null,
): Promise<Model> {
  await refreshModels(deps)
  const model = findModel(deps, wanted)
  // Most models are everybody's, and nobody's plan has to be looked up.
  if (model.plans === null) return model
  const plan = userId === null ? deps.config.auth.defaultPlan : await planOf(deps, userId)
  if (isInPlan(model, plan)) return model
  const other = wanted === null ? listModels(deps).find((one) => isInPlan(one, plan)) : undefined
  if (other === undefined) throw new AppError('forbidden', 'Your plan does not include this model')
  return other
}

export function isInPlan({ plans }: Pick<Model, 'plans'>, plan: string): boolean {
  return plans === null || plans.includes(plan)
}
