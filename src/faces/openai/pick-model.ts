import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { RelayPath } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { isInPlan } from '../../modules/models/choose-model.ts'
import { fallbacksOf, findModel, listModels, type Model } from '../../modules/models/find-model.ts'
import {
  findImageModel,
  type ImageModel,
  imageFallbacksOf,
  listImageModels,
} from '../../modules/models/image-models.ts'
import { refreshModels } from '../../modules/models/refresh-models.ts'

type PickDeps = Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>

export interface PickedModel extends Model {
  /** What one picture of it costs; absent or null: no price is known, or it is no matter of pictures. */
  pictureMicros?: number | null
}

/**
 * The model of this name, then those that stand in for it. For pictures it is rather one that draws.
 * Throws `not_found` for one that this caller may not ask.
 */
export async function pickModel(
  deps: PickDeps,
  caller: Caller,
  name: string,
  path: RelayPath | null,
): Promise<[PickedModel, ...PickedModel[]]> {
  await refreshModels(deps)
  const [model, ...others] = find(deps, name, path)
  if (model === undefined || !mayAsk(deps, caller, model)) throw noModel(name)
  return [model, ...others.filter((one) => mayAsk(deps, caller, one))]
}

/** All that this caller may ask, those that draw last. */
export async function listPickable(deps: PickDeps, caller: Caller): Promise<Model[]> {
  await refreshModels(deps)
  const speakers = listModels(deps)
  const mayDraw = caller.key?.scopes.includes('images') ?? true
  const painters = mayDraw ? listImageModels(deps).map(toPicked) : []
  const others = painters.filter(({ id }) => speakers.every((model) => model.id !== id))
  return [...speakers, ...others].filter((model) => mayAsk(deps, caller, model))
}

function mayAsk({ config }: PickDeps, { user, key }: Caller, model: Model): boolean {
  if (key !== null && key.models !== null && !key.models.includes(model.id)) return false
  return isInPlan(model, user.plan ?? config.auth.defaultPlan)
}

function find(deps: PickDeps, name: string, path: RelayPath | null): PickedModel[] {
  if (path === '/images/generations') return findPainters(deps, name) ?? findSpeakers(deps, name) ?? []
  return findSpeakers(deps, name) ?? (path === null ? findPainters(deps, name) : null) ?? []
}

function findSpeakers(deps: PickDeps, name: string): Model[] | null {
  try {
    const model = findModel(deps, name)
    return [model, ...fallbacksOf(deps, model)]
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

function findPainters(deps: PickDeps, name: string): PickedModel[] | null {
  const model = findImageModel(deps, name)
  return model && [model, ...imageFallbacksOf(deps, model)].map(toPicked)
}

function toPicked(model: ImageModel): PickedModel {
  const capabilities = { vision: null, reasoning: null, tools: null }
  return { ...model, capabilities, contextWindow: 0, maxOutputTokens: 0 }
}

/** OpenAI's own words. The name is short enough to be repeated, or is not. */
function noModel(name: string): AppError {
  const shown = name.length <= 100 && name.isWellFormed() ? ` \`${name}\`` : ''
  return new AppError('not_found', `The model${shown} does not exist or you do not have access to it.`, {
    faults: [{ path: 'model', message: `The model${shown} does not exist or you do not have access to it.` }],
    extra: { code: 'model_not_found' },
  })
}
