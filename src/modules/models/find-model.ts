import type { Parameters } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError, type FieldFault } from '../../errors.ts'
import type { Capabilities, ConfiguredModel, ModelRef, Prices } from '../../llm/llm.ts'
import type { ModelLimits } from '../../llm/model-limits.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { longestWish } from './longest-wish.ts'

export interface Model extends ModelLimits {
  ref: ModelRef
  /**
   * `provider/model`, or `provider` alone for the first model that it lists, or what the operator calls it. Good for
   * ever, to store and to send.
   */
  id: string
  name: string
  /** null: not known. */
  prices: Prices | null
  capabilities: Capabilities
  /** Whose plans include it; null: everybody's. */
  plans: string[] | null
  /** Ids of what is asked when it fails before its first word. */
  fallbacks: string[]
}

/**
 * The model that somebody names by its id, or by the provider or the model alone where no other could be meant; null:
 * the default. Throws `invalid_request` when it is not among those that the settings name; `path`: where it was named.
 */
export function findModel(deps: Pick<Deps, 'llm'>, wanted: string | null, path = 'model'): Model {
  const models = listModels(deps)
  const found =
    wanted === null
      ? models[0]
      : (byId(models, wanted) ?? byProvider(deps, models, wanted) ?? byName(models, wanted))
  if (!found) throw invalidField(path, 'No such model')
  return found
}

/** Every model that may be chosen, the default first. */
export function listModels({ llm }: Pick<Deps, 'llm'>): Model[] {
  return llm.models().map(toModel)
}

/** The models that stand in for one, in their order; those that are not there any more are left out. */
export function fallbacksOf(deps: Pick<Deps, 'llm'>, model: Model): Model[] {
  if (model.fallbacks.length === 0) return []
  const models = listModels(deps)
  return model.fallbacks.flatMap((id) => (id === model.id ? [] : (byId(models, id) ?? [])))
}

/** Throws `invalid_request` for what this model cannot do, or no model. */
export function checkParameters(model: Model, { temperature, top_p, max_tokens }: Parameters): void {
  const faults: FieldFault[] = []
  const expect = (isRight: boolean, path: string, message: string) =>
    isRight || faults.push({ path, message })
  if (temperature !== undefined) expect(isBetween(temperature, 0, 2), 'temperature', 'Expected 0 to 2')
  if (top_p !== undefined) expect(isBetween(top_p, 0, 1), 'top_p', 'Expected 0 to 1')
  if (max_tokens !== undefined) {
    const most = longestWish(model)
    const isRight = Number.isInteger(max_tokens) && isBetween(max_tokens, 1, most)
    expect(isRight, 'max_tokens', `Expected 1 to ${most}, the most of this model`)
  }
  if (faults.length > 0) throw new AppError('invalid_request', 'Parameters out of range', { faults })
}

const unknown: Capabilities = { vision: null, reasoning: null, tools: null }

function toModel({ offer, ...model }: ConfiguredModel): Model {
  const { prices = null, capabilities = unknown, plans = null, fallbacks = [] } = offer ?? {}
  return { ...model, prices, capabilities, plans, fallbacks }
}

/** Or by what it was before the operator gave it another id: conversations may hold on to that. */
function byId(models: Model[], wanted: string): Model | undefined {
  const isItsPlace = ({ ref }: Model) => `${ref.provider}/${ref.model}` === wanted
  return models.find(({ id }) => id === wanted) ?? models.find(isItsPlace)
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
