import type { OpenAI } from 'openai'
import type { Config, ProviderConfig } from '../config.ts'
import type { AppError } from '../errors.ts'
import type { Log } from '../lib/log.ts'
import type { Access } from './access.ts'
import { type Attempt, createAccessRing } from './access-ring.ts'
import { type Answer, readAnswer } from './answer.ts'
import { appErrorOf, faultOfThrown } from './failures.ts'
import { BeginFailure, type Fault, ProviderFailure, timeoutFault } from './fault.ts'
import type { LlmEvent, Prompt } from './llm.ts'
import { createQuirks, questionOf } from './quirks.ts'
import { redact } from './redact.ts'
import { createRelay, type Relay } from './relay.ts'

export interface Provider {
  /** The configured model, or the first that the provider lists once that is known; until then empty. */
  readonly model: string
  /**
   * Asks, and waits for the first words: until then each access has its try. An empty model is the provider's own.
   * null: the signal came first. Throws BeginFailure.
   */
  begin(prompt: Prompt, model: string, signal: AbortSignal): Promise<BegunAnswer | null>
  relay: Relay
}

export interface BegunAnswer extends Answer {
  /** Possibly empty. */
  first: LlmEvent[]
  /** Tells the log what `next` has thrown, and makes of it what the person may hear. */
  failed(error: unknown): AppError
}

/** A provider whose keys come and go. */
export interface OpenAiProvider extends Provider {
  setAccesses(accesses: Access[]): void
  restSeconds(accessId: string): number
  /** For what is asked of an access beside all questions. */
  attempt(access: Access): Attempt
}

type Settings = Pick<Config['llm'], 'timeoutSeconds' | 'idleTimeoutSeconds' | 'maxRetries'>

/** Any server that speaks OpenAI's chat completions. The SDK asks; the answer is read by our own decoder. */
export function createProvider(
  provider: Pick<ProviderConfig, 'name' | 'model' | 'organization'>,
  settings: Settings,
  log: Log,
): OpenAiProvider {
  const ring = createAccessRing()
  const clients = new Map<string, OpenAI>()
  const quirks = createQuirks()
  let firstListed = ''

  return {
    get model() {
      return provider.model ?? firstListed
    },
    setAccesses(accesses) {
      ring.set(accesses)
      // An entry may have been given another key under its id.
      clients.clear()
      quirks.forget()
    },
    restSeconds: (id) => ring.restSeconds(id),
    attempt: (access) => ring.begin(access),
    async begin(prompt, model, signal) {
      const accesses = ring.take()
      for (const [at, access] of accesses.entries()) {
        const isLast = at === accesses.length - 1
        const attempt = ring.begin(access)
        try {
          const answer = await tryAccess(access, { prompt, model, signal, isLast })
          if (answer !== null) attempt.worked()
          return answer
        } catch (error) {
          const fault = faultOfThrown(error)
          const told = failed(fault, access, prompt)
          const mayBeBetter = attempt.failed(fault)
          if (isLast || !mayBeBetter) throw new BeginFailure(told, fault)
        }
      }
      throw new BeginFailure(appErrorOf(noAccess), noAccess)
    },
    relay: createRelay({
      provider,
      settings,
      ring,
      quirks,
      log,
      ownModel: async (access, signal) => modelOfProvider(await clientOf(access), signal),
    }),
  }

  interface Try {
    prompt: Prompt
    model: string
    signal: AbortSignal
    /** Nobody comes after it: worth asking again. */
    isLast: boolean
  }

  async function tryAccess(access: Access, asked: Try): Promise<BegunAnswer | null> {
    const { prompt, signal } = asked
    if (signal.aborted) return null
    const body = await open(access, asked)
    if (body === null) return null
    const answer = readAnswer(body, settings, signal)
    try {
      const first = await firstOf(answer)
      return { ...answer, first, failed: (error) => failed(faultOfThrown(error), access, prompt) }
    } catch (error) {
      answer.close()
      throw error
    }
  }

  /** The body of the answer, once its headers are there; null when the signal came first. */
  async function open(access: Access, asked: Try): Promise<ReadableStream<Uint8Array> | null> {
    const { signal } = asked
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
      const response = await ask(access, asked, waiting.signal)
      return response.body ?? new Blob().stream()
    } catch (error) {
      if (signal.aborted) return null
      throw late ? new ProviderFailure(timeoutFault('no headers in time')) : error
    } finally {
      clearTimeout(deadline)
      signal.removeEventListener('abort', abort)
    }
  }

  /** Asks again without what the provider refuses, and remembers that when it helps. */
  async function ask(access: Access, asked: Try, signal: AbortSignal): Promise<Response> {
    const client = await clientOf(access)
    const model = asked.model || (await modelOfProvider(client, signal))
    const options = { signal, maxRetries: asked.isLast ? settings.maxRetries : 0 }
    const applied = quirks.of(model)
    for (;;) {
      const question = questionOf(asked.prompt, model, applied)
      try {
        const response = await client.chat.completions.create(question, options).asResponse()
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
  async function clientOf(access: Access): Promise<OpenAI> {
    const known = clients.get(access.id)
    if (known !== undefined) return known
    const { createClient } = await import('./client.ts')
    const client = createClient(access, { ...settings, organization: provider.organization })
    clients.set(access.id, client)
    return client
  }

  async function modelOfProvider(client: OpenAI, signal: AbortSignal): Promise<string> {
    if (provider.model !== null) return provider.model
    if (firstListed === '') {
      const { data }: { data: Partial<OpenAI.Model>[] } = await client.models.list({ signal })
      firstListed = data.find(({ id }) => typeof id === 'string' && id !== '')?.id ?? ''
      if (firstListed === '') throw new ProviderFailure(noModel)
      log.info({ provider: provider.name, model: firstListed }, 'model chosen from the provider’s list')
    }
    return firstListed
  }

  /** Tells the log what happened, and makes of it what the person may hear. */
  function failed(fault: Fault, access: Access, prompt: Prompt): AppError {
    const { code, status, reason } = fault
    const excerpt = redact(fault.excerpt, [access.apiKey, ...prompt.messages.map(({ content }) => content)])
    log.warn(
      { provider: provider.name, access: access.id, code, status, reason, excerpt },
      'the model failed',
    )
    return appErrorOf(fault)
  }
}

/** Until the first word, or to the end of an answer without any: a failure before it can be mended elsewhere. */
async function firstOf(answer: Answer): Promise<LlmEvent[]> {
  const first: LlmEvent[] = []
  for (let events = await answer.next(); events !== null; events = await answer.next()) {
    first.push(...events)
    if (events.some((event) => 'text' in event)) break
  }
  return first
}

const noModel: Fault = {
  code: 'provider_rejected',
  status: null,
  reason: 'it lists no model; the settings should name one',
  excerpt: '',
}

const noAccess: Fault = {
  code: 'provider_unavailable',
  status: null,
  reason: 'there is no key for it any more',
  excerpt: '',
}
