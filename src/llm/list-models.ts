import type { Config } from '../config.ts'
import type { ConfiguredModel, ModelRef } from './llm.ts'
import { limitsOf } from './model-limits.ts'

export interface Configured {
  settings: Config['llm']
  /** Names, in order of preference. */
  providers: string[]
  /** As the settings say it: an empty model is the provider's own. */
  preferred: ModelRef
  /** The provider's own model as it is known by now, or empty. */
  modelOf(provider: string): string
}

/** The default model, then each provider's own, then what the settings name besides; each once. */
export function listModels({ settings, providers, preferred, modelOf }: Configured): ConfiguredModel[] {
  const models = new Map<string, ConfiguredModel>()
  for (const ref of [preferred, ...providers.map(ownOf), ...settings.models]) add(ref.provider, ref.model)
  return [...models.values()]

  function ownOf(provider: string): ModelRef {
    return { provider, model: '' }
  }

  function add(provider: string, given: string): void {
    const model = given || (fixedModelOf(provider) ?? '')
    const key = `${provider}/${model}`
    const name = model || modelOf(provider) || provider
    const said = settings.models.find((one) => one.provider === provider && one.model === model)
    models.set(key, { ref: { provider, model }, name, ...limitsOf(name, said, settings.contextWindow) })
  }

  /** null: the first that it lists, which may be another one tomorrow. */
  function fixedModelOf(name: string): string | null {
    const provider = settings.providers.find((one) => one.name === name)
    return provider ? provider.model : modelOf(name)
  }
}
