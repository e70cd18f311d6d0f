import type { Parameters } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError, type FieldFault } from '../../errors.ts'
import type { ConfiguredModel, ModelRef } from '../../llm/llm.ts'
import { invalidField } from '../auth/invalid-field.ts'

export interface Model {
  ref: ModelRef
  /** `provider/model`, or `provider` alone for the first model that it lists. Good for ever, to store and to send. */
  id: string
  name: string
  /** In tokens, question and answer together. */
  contextWindow: number
  maxOutputTokens: number
}

/**
 * The model that somebody names by its id, or by the provider or the model alone where no other could be meant; null:
 * the default. Throws `invalid_request` when it is not among those that the settings name.
 */
export function findModel(deps: Pick<Deps, 'llm'>, wanted: string | null): Model {
  const models = listModels(deps)
  const found =
    wanted === null
      ? models[0]
      : (byId(models, wanted) ?? byProvider(deps, models, wanted) ?? byName(models, wanted))
  if (!found) throw invalidField('model', 'No such model')
  return found
}

/** Every model that may be chosen, the default first. */
export function listModels({ llm }: Pick<Deps, 'llm'>): Model[] {
  return llm.models().map(toModel)
}

/** Throws `invalid_request` for what this model cannot do, or no model. */
export function checkParameters(model: Model, { temperature, top_p, max_tokens }: Parameters): void {
  const faults: FieldFault[] = []
  const expect = (isRight: boolean, path: string, message: string) =>
    isRight || faults.push({ path, message })
  if (temperature !== undefined) expect(isBetween(temperature, 0, 2), 'temperature', 'Expected 0 to 2')
  if (top_p !== undefined) expect(isBetween(top_p, 0, 1), 'top_p', 'Expected 0 to 1')
  if (max_tokens !== undefined) {
    const isRight = Number.isInteger(max_tokens) && isBetween(max_tokens, 1, model.maxOutputTokens)
    expect(isRight, 'max_tokens', `Expected 1 to ${model.maxOutputTokens}, the most of this model`)
  }
  if (faults.length > 0) throw new AppError('invalid_request', 'Parameters out of range', { faults })
}

function toModel({ ref, name, contextWindow, maxOutputTokens }: ConfiguredModel): Model {
  const id = ref.model === '' ? ref.provider : `${ref.provider}/${ref.model}`
  return { ref, id, name, contextWindow, maxOutputTokens }
}

function byId(models: Model[], wanted: string): Model | undefined {
  return models.find(({ id }) => id === wanted)
}

/** The provider's own model. */
function byProvider({ llm }: Pick<Deps, 'llm'>, models: Model[], wanted: string): Model | undefined {
  const own = llm.modelOf(wanted)
  if (own === null) return undefined
  return models.find(({ ref }) => ref.provider === wanted && (ref.model === own.model || ref.model === ''))
}

function byName(models: Model[], wanted: string): Model | undefined {
  const found = models.filter(({ ref, name }) => name === wanted || `${ref.provider}/${name}` === wanted)
  return found.length === 1 ? found[0] : undefined
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}
