import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { ModelRef } from '../../llm/llm.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { planOf } from '../auth/plan-of.ts'
import { isInPlan } from './choose-model.ts'
import type { Model } from './find-model.ts'
import { refreshModels } from './refresh-models.ts'

/** A model that draws. */
export interface ImageModel extends Pick<Model, 'ref' | 'id' | 'name' | 'prices' | 'plans' | 'fallbacks'> {
  /**
   * What one picture costs, in millionths of the currency; null: no price is known, and what counts is `prices`, where
   * the provider says how many tokens a picture was.
   */
  pictureMicros: number | null
}

/** As the operator has entered it. */
export interface EnteredImageModel extends ImageModel {
  isEnabled: boolean
}

type ListDeps = Pick<Deps, 'config' | 'llm' | 'offerMemory'>
type ChooseDeps = ListDeps & Pick<Deps, 'db' | 'log'>

/**
 * The models that draw: those of the settings, each as the operator has entered it if he has, then what he has entered
 * besides. As they were known a moment ago: see `refreshModels`.
 */
export function listImageModels({ config, llm, offerMemory }: ListDeps): ImageModel[] {
  const { painters } = offerMemory
  const named = config.images.models.flatMap((ref) => {
    const own = painters.filter((offer) => isSame(offer.ref, ref))
    if (own.length === 0) return [plain(ref)]
    return own.filter(({ isEnabled }) => isEnabled).slice(0, 1)
  })
  const others = painters.filter((offer) => offer.isEnabled && !named.includes(offer))
  return [...named, ...others].filter(({ ref }) => llm.modelOf(ref.provider) !== null)
}

/** By its id, or by its place where the operator has given it another; null: none of them. */
export function findImageModel(deps: ListDeps, wanted: string): ImageModel | null {
  const models = listImageModels(deps)
  const isItsPlace = ({ ref }: ImageModel) => placeOf(ref) === wanted
  return models.find(({ id }) => id === wanted) ?? models.find(isItsPlace) ?? null
}

/** The models that stand in for one, in their order. */
export function imageFallbacksOf(deps: ListDeps, model: ImageModel): ImageModel[] {
  return model.fallbacks.flatMap((id) => (id === model.id ? [] : (findImageModel(deps, id) ?? [])))
}

export interface Painters {
  /** null: a visitor without an account. */
  userId: number | null
  /** Ids of models that an API key is for; null: all. */
  allowed: string[] | null
}

/**
 * The one that somebody wants pictures of, or the first that his plan and his key include, then those that stand in for
 * it. Throws `invalid_request` for a name that is none of them, `forbidden`, `not_found` where there is none at all.
 */
export async function chooseImageModel(
  deps: ChooseDeps,
  wanted: string | null,
  { userId, allowed }: Painters,
): Promise<[ImageModel, ...ImageModel[]]> {
  await refreshModels(deps)
  const models =
    wanted === null ? listImageModels(deps) : [findImageModel(deps, wanted)].filter((one) => one !== null)
  if (models.length === 0 && wanted !== null) throw invalidField('model', 'This is no model that draws')
  if (models.length === 0) throw new AppError('not_found', 'No model that draws is configured')
  const isAnyOfPlans = models.some(({ plans, fallbacks }) => plans !== null || fallbacks.length > 0)
  const plan = isAnyOfPlans && userId !== null ? await planOf(deps, userId) : deps.config.auth.defaultPlan
  const ofPlan = models.filter((model) => isInPlan(model, plan))
  if (ofPlan.length === 0) throw new AppError('forbidden', 'Your plan does not include this model')
  const isAllowed = ({ id }: ImageModel) => allowed?.includes(id) ?? true
  const model = ofPlan.find(isAllowed)
  if (model === undefined) throw new AppError('forbidden', 'This API key is not for this model')
  const others = imageFallbacksOf(deps, model).filter((one) => isInPlan(one, plan) && isAllowed(one))
  return [model, ...others]
}

function plain(ref: ModelRef): ImageModel {
  return {
    ref,
    id: placeOf(ref),
    name: ref.model,
    prices: null,
    plans: null,
    fallbacks: [],
    pictureMicros: null,
  }
}

function placeOf({ provider, model }: ModelRef): string {
  return `${provider}/${model}`
}

function isSame(a: ModelRef, b: ModelRef): boolean {
  return a.provider === b.provider && a.model === b.model
}
