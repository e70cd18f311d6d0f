import type { Deps } from '../../deps.ts'
import { describeError } from '../../lib/describe-error.ts'
import type { Access } from '../../llm/access.ts'
import type { ModelOffer, Prices } from '../../llm/llm.ts'
import type { EnteredImageModel } from './image-models.ts'
import { unsealKey } from './sealed-key.ts'
import { readOffer } from './store.ts'
import type { KeyJson, ModelJson, StoredOffer } from './stored-offer.ts'

type RefreshDeps = Pick<Deps, 'db' | 'llm' | 'config' | 'log' | 'offerMemory'>

/**
 * Takes up what administrators have entered about models and keys, as it was a second ago at most. Costs nothing but
 * one query a second. When the database is away, what was known goes on. Never throws.
 */
export async function refreshModels(deps: RefreshDeps, patienceMs?: number): Promise<void> {
  const { known, applied } = deps.offerMemory
  const offer = await known.read(() => ask(deps), patienceMs)
  if (offer === null || offer === applied) return
  deps.offerMemory.applied = offer
  if (applied === null ? !isEmpty(offer) : !isSame(offer, applied)) apply(deps, offer)
}

/** The same at once, after a change. */
export function takeUpModels(deps: RefreshDeps): Promise<void> {
  deps.offerMemory.known.forget()
  return refreshModels(deps, patienceMs)
}

/** Who has just changed something waits for the database as long as it took to change it. */
const patienceMs = 5000

async function ask({ db, log }: RefreshDeps): Promise<StoredOffer> {
  try {
    return await readOffer(db)
  } catch (error) {
    log.warn({ error: describeError(error) }, 'the models could not be read')
    throw error
  }
}

function apply(deps: RefreshDeps, { models, keys, defaultModel }: StoredOffer): void {
  // As `readOffer` has made them: JSON of the tables' own rows.
  const rows = JSON.parse(models) as ModelJson[]
  const stored = JSON.parse(keys) as KeyJson[]
  deps.llm.configure({
    accesses: stored.flatMap((key) => toAccess(deps, key) ?? []),
    models: rows.filter(({ draws }) => !draws).map(toOffer),
    defaultModel,
  })
  deps.offerMemory.painters = rows.filter((row) => mayDraw(deps, row)).map(toPainter)
  deps.log.info({ models: rows.length, keys: stored.length }, 'models and keys taken up')
}

/** null: it is of no use. */
function toAccess({ config, log }: RefreshDeps, key: KeyJson): Access | null {
  const { id, provider } = key
  const baseUrl = key.base_url ?? baseUrlOf(config, provider)
  if (baseUrl === null) return null
  if (key.sealed_key === null) return { id, provider, baseUrl, apiKey: null }
  const apiKey = unsealKey(config, { id, provider, baseUrl: key.base_url }, key.sealed_key)
  if (apiKey === null) log.error({ id, provider }, 'a provider key was sealed with another SECRET_KEY')
  return apiKey === null ? null : { id, provider, baseUrl, apiKey }
}

/** Where a provider is found that is not told otherwise; null: nobody knows. */
export function baseUrlOf({ llm }: Deps['config'], name: string): string | null {
  const isNamed = (provider: { name: string }) => provider.name === name
  return (llm.providers.find(isNamed) ?? llm.presets.find(isNamed))?.baseUrl ?? null
}

function toOffer(row: ModelJson): ModelOffer {
  return {
    id: row.model_id,
    provider: row.provider,
    model: row.upstream,
    name: row.name,
    isEnabled: row.is_enabled,
    contextWindow: row.context_window,
    maxOutputTokens: row.max_output_tokens,
    prices: pricesOf(row),
    capabilities: { vision: row.has_vision, reasoning: row.has_reasoning, tools: row.has_tools },
    plans: row.plans,
    fallbacks: row.fallbacks,
  }
}

function pricesOf(row: ModelJson): Prices | null {
  const { input_micros: input, output_micros: output } = row
  if (input === null || output === null) return null
  return { input, cachedInput: row.cached_input_micros, output, reasoning: row.reasoning_micros }
}

/** It is entered as such, has a price of pictures, or is one of the settings' models that draw. */
function mayDraw({ config }: RefreshDeps, row: ModelJson): boolean {
  const isNamed = config.images.models.some(
    ({ provider, model }) => provider === row.provider && model === row.upstream,
  )
  return row.draws || row.picture_micros !== null || isNamed
}

function toPainter(row: ModelJson): EnteredImageModel {
  return {
    ref: { provider: row.provider, model: row.upstream },
    id: row.model_id,
    name: row.name,
    isEnabled: row.is_enabled,
    plans: row.plans,
    fallbacks: row.fallbacks,
    prices: pricesOf(row),
    pictureMicros: row.picture_micros,
  }
}

function isSame(a: StoredOffer, b: StoredOffer): boolean {
  return a.models === b.models && a.keys === b.keys && a.defaultModel === b.defaultModel
}

function isEmpty(offer: StoredOffer): boolean {
  return isSame(offer, { models: '[]', keys: '[]', defaultModel: null })
}
