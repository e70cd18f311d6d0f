import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { RelayPath } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { findImageModel, listImageModels } from '../../modules/images/find-image-model.ts'
import { isInPlan } from '../../modules/models/choose-model.ts'
import { fallbacksOf, findModel, listModels, type Model } from '../../modules/models/find-model.ts'
import { refreshModels } from '../../modules/models/refresh-models.ts'

type PickDeps = Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>

/**
 * The model of this name, then those that stand in for it. For pictures it may also be one that does nothing but draw.
 * Throws `not_found` for one that this caller may not ask.
 */
export async function pickModel(
  deps: PickDeps,
  caller: Caller,
  name: string,
  path: RelayPath | null,
): Promise<[Model, ...Model[]]> {
  await refreshModels(deps)
  const model = find(deps, name) ?? (path === '/images/generations' ? findPainter(deps, name) : null)
  if (model === null || !mayAsk(deps, caller, model)) throw noModel(name)
  return [model, ...fallbacksOf(deps, model).filter((one) => mayAsk(deps, caller, one))]
}

/** All that this caller may ask. */
export async function listPickable(deps: PickDeps, caller: Caller): Promise<Model[]> {
  await refreshModels(deps)
  return listModels(deps).filter((model) => mayAsk(deps, caller, model))
}

function mayAsk({ config }: PickDeps, { user, key }: Caller, model: Model): boolean {
  if (key !== null && key.models !== null && !key.models.includes(model.id)) return false
  return isInPlan(model, user.plan ?? config.auth.defaultPlan)
}

function find(deps: PickDeps, name: string): Model | null {
  try {
    return findModel(deps, name)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** Of the settings' models that draw, by all of its name. */
function findPainter(deps: PickDeps, name: string): Model | null {
  if (!listImageModels(deps).includes(name)) return null
  const ref = findImageModel(deps, name)
  const ofWords = { contextWindow: 0, maxOutputTokens: 0, plans: null, fallbacks: [] }
  const capabilities = { vision: null, reasoning: null, tools: null }
  return { ref, id: name, name: ref.model, prices: null, capabilities, ...ofWords }
}

/** OpenAI's own words. The name is short enough to be repeated, or is not. */
function noModel(name: string): AppError {
  const shown = name.length <= 100 && name.isWellFormed() ? ` \`${name}\`` : ''
  return new AppError('not_found', `The model${shown} does not exist or you do not have access to it.`, {
    faults: [{ path: 'model', message: `The model${shown} does not exist or you do not have access to it.` }],
    extra: { code: 'model_not_found' },
  })
}
