import type { OpenAI } from 'openai'
import type { Config, ProviderConfig } from '../config.ts'
import type { Log } from '../lib/log.ts'
import { appErrorOf, faultOfThrown } from './failures.ts'
import { type Fault, ProviderFailure, timeoutFault } from './fault.ts'
import { createIdleReader } from './idle-reader.ts'
import type { LlmEvent, Prompt } from './llm.ts'
import { createQuirks, questionOf } from './quirks.ts'
import { redact } from './redact.ts'
import { createDecoder } from './stream.ts'

export interface Provider {
  /** The configured model, or the first that the provider lists once that is known; until then empty. */
  readonly model: string
  /** As `Llm.stream`. An empty model is the provider's own. */
  stream(prompt: Prompt, model: string, signal: AbortSignal): AsyncGenerator<LlmEvent[]>
}

/** After its finish reason an answer only lacks its usage: not worth a long wait. */
const patienceAfterFinishSeconds = 5

/** Any server that speaks OpenAI's chat completions. The SDK asks; the answer is read by our own decoder. */
export function createProvider(provider: ProviderConfig, settings: Config['llm'], log: Log): Provider {
  let client: OpenAI | undefined
  const quirks = createQuirks()
  let firstListed = ''

  return {
    get model() {
      return provider.model ?? firstListed
    },
    async *stream(prompt, model, signal) {
      if (signal.aborted) return
      const body = await open(prompt, model, signal)
      if (!body) return
      const { timeoutSeconds, idleTimeoutSeconds } = settings
      // Many providers send their headers long before the model has its first word.
      const reader = createIdleReader(body, { silenceSeconds: timeoutSeconds, signal })
      const decoder = createDecoder()
      try {
        while (!decoder.done) {
          const bytes = await reader.read().catch((error: unknown) => {
            if (signal.aborted || decoder.finished) return null
            throw failed(faultOfThrown(error), prompt)
          })
          if (signal.aborted) return
          if (bytes === null) break
          const events = decoder.push(bytes)
          if (events.length > 0) {
            reader.allowSilence(idleTimeoutSeconds)
            yield events
          }
          if (signal.aborted) return
          if (decoder.failure) throw failed(decoder.failure, prompt)
          if (decoder.finished) reader.allowSilence(Math.min(patienceAfterFinishSeconds, idleTimeoutSeconds))
        }
        const rest = decoder.end()
        if (rest.length > 0) yield rest
        if (decoder.failure) throw failed(decoder.failure, prompt)
      } finally {
        reader.close(decoder.done && !signal.aborted ? 'drain' : 'cancel')
      }
    },
  }

  /** The body of the answer, once its headers are there; null when the signal came first. */
  async function open(prompt: Prompt, model: string, signal: AbortSignal) {
    // Its own signal: the SDK would abort the body as well, which the reader cancels instead.
    const waiting = new AbortController()
    const abort = () => waiting.abort()
    let late = false
    const deadline = setTimeout(() => {
      late = true
      abort()
    }, settings.timeoutSeconds * 1000)
    signal.addEventListener('abort', abort, { once: true })
    try {
      const response = await ask(prompt, model || (await modelOfProvider(waiting.signal)), waiting.signal)
      return response.body ?? new Blob().stream()
    } catch (error) {
      if (signal.aborted) return null
      throw failed(late ? timeoutFault('no headers in time') : faultOfThrown(error), prompt)
    } finally {
      clearTimeout(deadline)
      signal.removeEventListener('abort', abort)
    }
  }

  /** Asks again without what the provider refuses, and remembers that when it helps. */
  async function ask(prompt: Prompt, model: string, signal: AbortSignal): Promise<Response> {
    const applied = quirks.of(model)
    for (;;) {
      const question = questionOf(prompt, model, applied)
      try {
        const response = await (await openClient()).chat.completions.create(question, { signal }).asResponse()
        quirks.remember(model, applied)
        return response
      } catch (error) {
        const { status, excerpt } = faultOfThrown(error)
        const quirk = status === 400 || status === 422 ? quirks.readFrom(excerpt, question) : null
        if (quirk === null || applied.has(quirk)) throw error
        applied.add(quirk)
      }
    }
  }

  /** Loaded by the first question: the SDK takes memory that a service nobody asks anything can spare. */
  async function openClient(): Promise<OpenAI> {
    client ??= (await import('./client.ts')).createClient(provider, settings)
    return client
  }

  async function modelOfProvider(signal: AbortSignal): Promise<string> {
    if (provider.model !== null) return provider.model
    if (firstListed === '') {
      const { data }: { data: Partial<OpenAI.Model>[] } = await (await openClient()).models.list({ signal })
      firstListed = data.find(({ id }) => typeof id === 'string' && id !== '')?.id ?? ''
      if (firstListed === '') throw new ProviderFailure(noModel)
      log.info({ provider: provider.name, model: firstListed }, 'model chosen from the provider’s list')
    }
    return firstListed
  }

  /** Tells the log what happened, and makes of it what the person may hear. */
  function failed(fault: Fault, prompt: Prompt) {
    const { code, status, reason } = fault
    const excerpt = redact(fault.excerpt, [provider.apiKey, ...prompt.messages.map(({ content }) => content)])
    log.warn({ provider: provider.name, code, status, reason, excerpt }, 'the model failed')
    return appErrorOf(fault)
  }
}

const noModel: Fault = {
  code: 'provider_rejected',
  status: null,
  reason: 'it lists no model; the settings should name one',
  excerpt: '',
}
