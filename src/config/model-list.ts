import type { Config, ModelSetting, ProviderConfig } from '../config.ts'
import { bad, good, type Kind } from './kinds.ts'
import type { Report } from './report.ts'

const smallestContext = 1024
const largestContext = 100_000_000

/** `provider/model`, then its context window and its longest answer in tokens. Colons may be in a model's name. */
export const modelSetting: Kind<ModelSetting> = {
  label: 'provider/model[:context[:answer]]',
  parse(value) {
    const parts = /^([^/:\s]+)\/([^\s:](?:\S*?[^\s:])??)(?::(\d+))?(?::(\d+))?$/.exec(value)
    const [, provider = '', model = ''] = parts ?? []
    const contextWindow = parts?.[3] === undefined ? null : Number(parts[3])
    const maxOutputTokens = parts?.[4] === undefined ? null : Number(parts[4])
    const isPossible =
      parts !== null &&
      (contextWindow === null || (contextWindow >= smallestContext && contextWindow <= largestContext)) &&
      (maxOutputTokens === null || (maxOutputTokens > 0 && maxOutputTokens <= (contextWindow ?? 0)))
    return isPossible
      ? good({ provider, model, contextWindow, maxOutputTokens })
      : bad('provider/model or provider/model:context:answer in tokens, such as qwen/qwen-plus:131072:8192')
  },
}

/** Reports models of providers that are not there, and what is named twice. */
export function checkModels(
  models: Config['llm']['models'],
  providers: ProviderConfig[],
  variable: string,
  report: Report,
): void {
  const names = providers.length === 0 ? ['demo'] : providers.map(({ name }) => name)
  const ids = models.map(({ provider, model }) => `${provider}/${model}`)
  const stray = models.findIndex(({ provider }) => !names.includes(provider))
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (stray !== -1) {
    report.refuse(
      'MODELS',
      `expected each with a provider, one of ${names.join(', ')}, not ${JSON.stringify(ids[stray]?.slice(0, 60))}`,
      variable,
    )
  } else if (twice !== undefined) {
    report.refuse(
      'MODELS',
      `expected each model once, not ${JSON.stringify(twice.slice(0, 60))} again`,
      variable,
    )
  }
}
