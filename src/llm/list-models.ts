import type { Config } from '../config.ts'
import type { ConfiguredModel, ModelOffer, ModelRef } from './llm.ts'
import { limitsOf } from './model-limits.ts'

export interface Configured {
  settings: Config['llm']
  /** Names, in order of preference. */
  providers: string[]
  /** As the settings say it: an empty model is the provider's own. */
  preferred: ModelRef
  /** The provider's own model as it is known by now, or empty. */
  modelOf(provider: string): string
  /** What that is by the settings; null: the first that it lists, which may be another one tomorrow. */
  fixedModelOf(provider: string): string | null
  offers: ModelOffer[]
  /** The id of a model, or a provider; null: as the settings say. */
  defaultModel: string | null
}

/**
 * The default model, then each provider's own, then what the settings name besides, then what the operator offers;
 * each once. An offer takes the place of what the settings say about the same model.
 */
export function listModels(of: Configured): ConfiguredModel[] {
  const models = new Map<string, ConfiguredModel>()
  const ownModels = of.providers.map((provider) => ({ provider, model: '' }))
  for (const ref of [of.preferred, ...ownModels, ...of.settings.models]) add(ref.provider, ref.model)
  for (const offer of of.offers) replace(offer)
  return defaultFirst([...models.values()], of.defaultModel)

  function add(provider: string, given: string): void {
    const model = given || (of.fixedModelOf(provider) ?? '')
    const id = model === '' ? provider : `${provider}/${model}`
    const name = model || of.modelOf(provider) || provider
    const said = of.settings.models.find((one) => one.provider === provider && one.model === model)
    const limits = limitsOf(name, said, of.settings.contextWindow)
    models.set(id, { ref: { provider, model }, id, name, offer: null, ...limits })
  }

  function replace(offer: ModelOffer): void {
    const { provider, model, id, name } = offer
    const place = `${provider}/${model}`
    const present = models.get(place)
    if (!offer.isEnabled || !of.providers.includes(provider)) {
      if (present?.offer === null) models.delete(place)
      return
    }
    const said = of.settings.models.find((one) => one.provider === provider && one.model === model)
    const limits = limitsOf(
      model,
      {
        contextWindow: offer.contextWindow ?? said?.contextWindow ?? null,
        maxOutputTokens: offer.maxOutputTokens ?? said?.maxOutputTokens ?? null,
      },
      of.settings.contextWindow,
    )
    // Several may offer the same model under names and prices of their own: the first takes its place.
    models.set(present === undefined || present.offer === null ? place : id, {
      ref: { provider, model },
      id,
      name,
      offer,
      ...limits,
    })
  }
}

function defaultFirst(models: ConfiguredModel[], wanted: string | null): ConfiguredModel[] {
  const found = models.find(({ id }) => id === wanted) ?? models.find(({ ref }) => ref.provider === wanted)
  return found === undefined ? models : [found, ...models.filter((model) => model !== found)]
}
