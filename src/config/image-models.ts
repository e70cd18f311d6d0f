import type { ProviderConfig } from '../config.ts'
import type { ImageModel } from './image-kinds.ts'
import type { Report } from './report.ts'

/** Of the providers at their own addresses. */
const usual = [
  { provider: 'qwen', model: 'wanx2.1-t2i-turbo', host: /\/compatible-mode\/v1$/ },
  { provider: 'openai', model: 'gpt-image-1', host: /^https:\/\/api\.openai\.com\// },
]

/** Those of the settings, or the usual ones of the providers that there are. Reports one of a provider that is not. */
export function readImageModels(
  given: ImageModel[] | null,
  providers: ProviderConfig[],
  variable: string,
  report: Report,
): ImageModel[] {
  const baseUrlOf = (name: string) => providers.find((one) => one.name === name)?.baseUrl
  if (given === null) {
    return usual
      .filter(({ provider, host }) => host.test(baseUrlOf(provider) ?? ''))
      .map(({ provider, model }) => ({ provider, model }))
  }
  // SD_MODEL stands in the environment of the earlier systems even where nobody has a key any more.
  if (variable === 'SD_MODEL') return given.filter(({ provider }) => baseUrlOf(provider) !== undefined)
  const stray = given.find(({ provider }) => baseUrlOf(provider) === undefined)
  if (stray !== undefined) {
    const names = providers.map(({ name }) => name).join(', ') || 'none is configured'
    report.refuse(
      'IMAGE_MODELS',
      `expected a provider that is configured (${names}), not ${JSON.stringify(stray.provider.slice(0, 60))}`,
      variable,
    )
  }
  return given
}
