import type { Config, ProviderConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../lib/log.ts'
import type { Access } from './access.ts'
import { checkAccess } from './check-access.ts'
import { demoProvider } from './demo-provider.ts'
import { isDashScope } from './draw-by-task.ts'
import { BeginFailure, type Fault } from './fault.ts'
import { listModels } from './list-models.ts'
import type {
  ConfiguredModel,
  Llm,
  LlmOffer,
  ModelRef,
  Prompt,
  RelayedAnswer,
  RelayQuestion,
  StreamOptions,
} from './llm.ts'
import { metered } from './metered.ts'
import { type BegunAnswer, createProvider, type OpenAiProvider, type Provider } from './openai.ts'
import { createPainter } from './painter.ts'

/**
 * The models that the settings name, or the demo model when they name none; later also what `configure` adds. Asks
 * nobody anything yet.
 */
export function createLlm(settings: Config['llm'], log: Log): Llm {
  /** All that there ever were, with what has been learned about them. */
  const known = new Map<string, OpenAiProvider>()
  const painter = createPainter(settings, log)
  const memory = { bytes: 0 }
  let accesses = new Map<string, Access[]>()
  let providers = new Map<string, Provider>()
  let preferred: ModelRef = { provider: '', model: '' }
  let offer: LlmOffer = { accesses: [], models: [], defaultModel: null }
  let listed: { ownModels: string; models: ConfiguredModel[] } | null = null
  configure(offer)

  return {
    async *stream(prompt, options) {
      const answer = await begin(prompt, options)
      if (answer === null) return
      const { signal } = options
      try {
        if (answer.first.length > 0) yield answer.first
        while (!signal.aborted) {
          const events = await answer.next()
          if (events === null) break
          yield events
        }
      } catch (error) {
        throw answer.failed(error)
      } finally {
        answer.close()
      }
    },
    get defaultModel() {
      const { provider, model } = models()[0]?.ref ?? preferred
      return { provider, model: model || modelOf(provider) }
    },
    modelOf(name) {
      return providers.has(name) ? { provider: name, model: modelOf(name) } : null
    },
    models,
    configure,
    drawImages: painter.draw,
    drawsApart: (provider) => (accesses.get(provider) ?? []).some(isDashScope),
    relay,
    async check(access) {
      const given = settings.providers.find((one) => one.name === access.provider)
      const model = given?.model ?? fixedModelOf(access.provider) ?? ''
      const attempts = [known.get(access.provider)?.attempt(access), painter.attempt(access)]
      const checked = await checkAccess(access, { model, organization: given?.organization ?? null, log })
      if (checked.ok) for (const attempt of attempts) attempt?.worked()
      return checked
    },
    providers: () =>
      [...accesses].map(([name, own]) => ({
        name,
        accesses: own.map(({ id, baseUrl }) => ({
          id,
          baseUrl,
          restSeconds: known.get(name)?.restSeconds(id) ?? 0,
        })),
      })),
  }

  function configure(next: LlmOffer): void {
    offer = next
    accesses = Map.groupBy(
      [...settings.providers.flatMap(accessesOf), ...next.accesses],
      ({ provider }) => provider,
    )
    painter.setAccesses(accesses)
    providers = new Map([...accesses].map(([name, own]) => [name, providerOf(name, own)]))
    if (providers.size === 0) providers.set('demo', demoProvider)
    preferred = preferredModel(settings.defaultModel, providers, log)
    listed = null
  }

  function providerOf(name: string, own: Access[]): Provider {
    const provider = known.get(name) ?? newProvider(name)
    known.set(name, provider)
    provider.setAccesses(own)
    return provider
  }

  function newProvider(name: string): OpenAiProvider {
    const given = settings.providers.find((one) => one.name === name)
    const preset = settings.presets.find((one) => one.name === name)
    const provider = given ?? { name, model: preset?.model ?? null, organization: null }
    const timeoutSeconds = given?.timeoutSeconds ?? settings.timeoutSeconds
    return createProvider(provider, { ...settings, timeoutSeconds }, log)
  }

  /** Worked out anew only when a provider's own model has become known, or something else was entered. */
  function models(): ConfiguredModel[] {
    const ownModels = [...providers.values()].map(({ model }) => model).join('\n')
    if (listed?.ownModels === ownModels) return listed.models
    listed = {
      ownModels,
      models: listModels({
        settings,
        providers: [...providers.keys()],
        preferred,
        modelOf,
        fixedModelOf,
        offers: offer.models,
        defaultModel: offer.defaultModel,
      }),
    }
    return listed.models
  }

  function modelOf(name: string): string {
    return providers.get(name)?.model ?? ''
  }

  function fixedModelOf(name: string): string | null {
    const given = settings.providers.find((one) => one.name === name)
    if (given) return given.model
    if (name === 'demo') return modelOf(name)
    return settings.presets.find((one) => one.name === name)?.model ?? null
  }

  function begin(prompt: Prompt, options: StreamOptions): Promise<BegunAnswer | null> {
    return firstOf(options, (candidate, at) =>
      providerFor(candidate).begin(forModel(prompt, candidate, at), candidate.model, options.signal),
    )
  }

  function relay(question: RelayQuestion, options: StreamOptions): Promise<RelayedAnswer | null> {
    return firstOf(options, async (candidate, at) => {
      const most = at === 0 ? null : mostOf(candidate)
      const asked = most === null ? question : question.atMost(most)
      const answer = await providerFor(candidate).relay(asked, candidate.model, options.signal)
      return answer && metered(answer, { ...question, model: candidate, memory })
    })
  }

  /** Throws what the last of them told: what people hear is about the last try. */
  async function firstOf<Begun>(
    { model, fallbacks = [], onFallback }: StreamOptions,
    ask: (candidate: ModelRef, at: number) => Promise<Begun | null>,
  ): Promise<Begun | null> {
    const candidates = [model, ...fallbacks]
    for (const [at, candidate] of candidates.entries()) {
      try {
        const answer = await ask(candidate, at)
        if (answer !== null && at > 0) {
          log.info({ wanted: model, answers: candidate }, 'another model answers')
          onFallback?.(candidate)
        }
        return answer
      } catch (error) {
        if (!(error instanceof BeginFailure)) throw error
        if (at === candidates.length - 1 || !mayDoBetter(error.fault)) throw error.told
      }
    }
    return null
  }

  function providerFor({ provider }: ModelRef): Provider {
    const found = providers.get(provider)
    if (!found) throw new AppError('invalid_request', 'No such model')
    return found
  }

  /** A model that stands in may write less. */
  function forModel(prompt: Prompt, candidate: ModelRef, at: number): Prompt {
    if (at === 0 || prompt.maxTokens === undefined) return prompt
    return { ...prompt, maxTokens: Math.min(prompt.maxTokens, mostOf(candidate) ?? prompt.maxTokens) }
  }

  function mostOf({ provider, model }: ModelRef): number | null {
    const found = models().find(({ ref }) => ref.provider === provider && ref.model === model)
    return found?.maxOutputTokens ?? null
  }
}

function accessesOf({ name, baseUrl, apiKeys }: ProviderConfig): Access[] {
  const keys = apiKeys.length === 0 ? [null] : apiKeys
  return keys.map((apiKey, at) => ({ id: `settings-${at + 1}`, provider: name, baseUrl, apiKey }))
}

/** Not what is wrong with the question: another model would say the same, or what the first refused to say. */
function mayDoBetter({ code, status }: Fault): boolean {
  return code !== 'provider_rejected' || status === null || [401, 402, 403, 404].includes(status)
}

/** From `provider` or `provider/model` (models may have slashes of their own); an empty model is the provider's. */
function preferredModel(wanted: string | null, providers: Map<string, Provider>, log: Log): ModelRef {
  const first = [...providers.keys()][0] ?? ''
  if (wanted === null) return { provider: first, model: '' }
  const slash = wanted.indexOf('/')
  const provider = slash === -1 ? wanted : wanted.slice(0, slash)
  if (providers.has(provider)) return { provider, model: slash === -1 ? '' : wanted.slice(slash + 1) }
  log.warn({ wanted, used: first }, 'the default model names a provider that is not configured')
  return { provider: first, model: '' }
}
