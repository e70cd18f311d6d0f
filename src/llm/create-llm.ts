import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../lib/log.ts'
import { streamDemo } from './demo.ts'
import { listModels } from './list-models.ts'
import type { Llm, LlmEvent, ModelRef, Prompt } from './llm.ts'
import { createProvider, type Provider } from './openai.ts'

/** The models that the settings name, or the demo model when they name none. Asks nobody anything yet. */
export function createLlm(settings: Config['llm'], log: Log): Llm {
  const providers = new Map(
    settings.providers.map((provider) => {
      const timeoutSeconds = provider.timeoutSeconds ?? settings.timeoutSeconds
      return [provider.name, createProvider(provider, { ...settings, timeoutSeconds }, log)]
    }),
  )
  if (providers.size === 0) providers.set('demo', demo)
  const preferred = preferredModel(settings.defaultModel, providers, log)

  return {
    stream(prompt, { model: { provider, model }, signal }) {
      const chosen = providers.get(provider)
      if (!chosen) throw new AppError('invalid_request', 'No such model')
      return chosen.stream(prompt, model, signal)
    },
    get defaultModel() {
      return { provider: preferred.provider, model: preferred.model || modelOf(preferred.provider) }
    },
    modelOf(name) {
      return providers.has(name) ? { provider: name, model: modelOf(name) } : null
    },
    models: () => listModels({ settings, providers: [...providers.keys()], preferred, modelOf }),
  }

  function modelOf(name: string): string {
    return providers.get(name)?.model ?? ''
  }
}

const demo: Provider = {
  model: 'demo',
  stream(prompt: Prompt, _model: string, signal: AbortSignal): AsyncGenerator<LlmEvent[]> {
    return streamDemo(prompt, signal)
  },
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
