import type { Deps } from '../../deps.ts'
import type { ProviderState } from '../../llm/llm.ts'
import { baseUrlOf } from './refresh-models.ts'

export interface ListedProvider extends ProviderState {
  /** null: not known without being told. */
  baseUrl: string | null
  needsKey: boolean
}

/** Those that can be asked, then those that somebody may enter a key for. Asks none of them. */
export function listProviders({ llm, config }: Pick<Deps, 'llm' | 'config'>): ListedProvider[] {
  const { presets } = config.llm
  const asked = llm.providers()
  const others = presets.filter(({ name }) => !asked.some((provider) => provider.name === name))
  return [...asked, ...others.map(({ name }) => ({ name, accesses: [] }))].map((provider) => ({
    ...provider,
    baseUrl: baseUrlOf(config, provider.name),
    needsKey: presets.find(({ name }) => name === provider.name)?.needsKey ?? false,
  }))
}
