import type { ProviderConfig } from '../config.ts'
import { isNear } from '../lib/provider-url.ts'
import { hostedProviders, type ProviderVariables } from './provider-settings.ts'
import type { Reading } from './read-settings.ts'
import type { Report } from './report.ts'
import type { Table } from './setting.ts'

/** The providers that can be asked, in order of preference: those that everybody knows, then the others. */
export function readProviders(
  others: ProviderVariables[],
  reading: Reading<Table>,
  report: Report,
): ProviderConfig[] {
  return [...hostedProviders, ...others].flatMap((provider) => providerOf(provider, reading, report) ?? [])
}

/** Reports a default that names no provider. `demo` answers when there is no other. */
export function checkDefaultModel(
  wanted: string | null,
  providers: ProviderConfig[],
  variable: string,
  report: Report,
): void {
  if (wanted === null) return
  const names = providers.length === 0 ? ['demo'] : providers.map(({ name }) => name)
  const [provider = '', ...model] = wanted.split('/')
  if (names.includes(provider) && !(model.length > 0 && model.join('/') === '')) return
  report.refuse(
    'DEFAULT_MODEL',
    `expected provider or provider/model, the provider one of ${names.join(', ')}, not ${JSON.stringify(wanted.slice(0, 60))}`,
    variable,
  )
}

function providerOf(
  of: ProviderVariables,
  { values }: Reading<Table>,
  report: Report,
): ProviderConfig | null {
  const apiKeys = keysOf(of, values)
  const givenUrl = textOf(values[of.baseUrl])
  const isElsewhere = givenUrl !== null && givenUrl !== of.hosted?.baseUrl
  const baseUrl = givenUrl ?? of.hosted?.baseUrl
  if (apiKeys.length === 0 && !isElsewhere) {
    if (givenUrl !== null) report.warn(`${of.baseUrl} has no effect without ${of.apiKey}`)
    return null
  }
  if (!baseUrl) return null
  if (apiKeys.length > 0 && /^http:/.test(baseUrl) && !isNear(new URL(baseUrl).hostname)) {
    report.warn(`${of.baseUrl}: ${of.apiKey} is sent there without encryption; use https`)
  }
  const timeoutSeconds = of.timeout ? values[of.timeout] : null
  return {
    name: of.name,
    baseUrl,
    apiKeys,
    model: textOf(values[of.model]) ?? usualModel(of, isElsewhere),
    organization: of.organization ? textOf(values[of.organization]) : null,
    ...(typeof timeoutSeconds === 'number' ? { timeoutSeconds } : {}),
  }
}

/** Half of all compatible servers are configured as OPENAI_BASE_URL: OpenAI's model is not to be found there. */
function usualModel({ name, hosted }: ProviderVariables, isElsewhere: boolean): string | null {
  return name === 'openai' && isElsewhere ? null : (hosted?.model ?? null)
}

/** The first, then those of the numbered variables; each once. */
function keysOf({ apiKey }: ProviderVariables, values: Reading<Table>['values']): string[] {
  const further = Object.keys(values)
    .filter((name) => name.startsWith(`${apiKey}_`))
    .sort((a, b) => Number(a.slice(apiKey.length + 1)) - Number(b.slice(apiKey.length + 1)))
  const lists = [apiKey, ...further].map((name) => values[name])
  return [...new Set(lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : [])))]
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
