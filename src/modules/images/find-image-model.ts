import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { ModelRef } from '../../llm/llm.ts'
import { invalidField } from '../auth/invalid-field.ts'

/** The models that draw, as `provider/model`; the first where nobody chooses. */
export function listImageModels({ config, llm }: Pick<Deps, 'config' | 'llm'>): string[] {
  return config.images.models.filter(({ provider }) => llm.modelOf(provider) !== null).map(nameOf)
}

/** Throws `invalid_request` for a name that is none of them, `not_found` where there is none at all. */
export function findImageModel(
  { config, llm }: Pick<Deps, 'config' | 'llm'>,
  wanted: string | null,
): ModelRef {
  const models = config.images.models.filter(({ provider }) => llm.modelOf(provider) !== null)
  const found = wanted === null ? models[0] : models.find((model) => nameOf(model) === wanted)
  if (found !== undefined) return found
  if (wanted !== null) throw invalidField('model', 'This is no model that draws')
  throw new AppError('not_found', 'No model that draws is configured')
}

export function nameOf({ provider, model }: ModelRef): string {
  return `${provider}/${model}`
}
