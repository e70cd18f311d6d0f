import { setTimeout as sleep } from 'node:timers/promises'
import type { Config, ProviderConfig } from '../config.ts'
import type { Log } from '../lib/log.ts'
import type { Access } from './access.ts'
import type { AccessRing, Attempt } from './access-ring.ts'
import { appErrorOf, faultOfThrown } from './failures.ts'
import { BeginFailure, type Fault, ProviderFailure, timeoutFault, unreadable } from './fault.ts'
import { createIdleReader, type IdleReader } from './idle-reader.ts'
import type { RelayedAnswer, RelayQuestion, RelayWording } from './llm.ts'
import { createProviderFetch } from './provider-fetch.ts'
import type { Quirks } from './quirks.ts'
import { redact } from './redact.ts'
import { faultIn, faultOfResponse, refusalFor } from './refusal.ts'
import { type Opening, readOpening } from './relay-opening.ts'

interface Relaying {
  provider: Pick<ProviderConfig, 'name' | 'organization'>
  settings: Pick<Config['llm'], 'timeoutSeconds' | 'idleTimeoutSeconds' | 'maxRetries'>
  ring: AccessRing
  quirks: Quirks
  log: Log
  /** The provider's own model, for where none is named. */
  ownModel(access: Access, signal: AbortSignal): Promise<string>
  /** How long comments are kept back; then whoever asked gets them, and with them his headers. */
  patienceMs?: number
}

/** A provider's bytes, of which nothing has been handed on yet. */
export interface BegunRelay
  extends Pick<RelayedAnswer, 'contentType' | 'waitedMs' | 'beganAt' | 'next' | 'failed'> {
  /** They will tell the usage, although who asked did not ask for that. */
  hasAddedUsage: boolean
  close(): void
}

/**
 * Asks a provider for bytes: until the first of them, comments apart, each access has its try, and the last one some
 * more. null: the signal came first. Throws BeginFailure.
 */
export type Relay = (
  question: RelayQuestion,
  model: string,
  signal: AbortSignal,
) => Promise<BegunRelay | null>

/** In the question for which model, and with or without the wish for its usage. */
interface Try {
  question: RelayQuestion
  model: string
  signal: AbortSignal
  attempt: Attempt
}

export function createRelay({
  provider,
  settings,
  ring,
  quirks,
  log,
  ownModel,
  patienceMs = 10_000,
}: Relaying): Relay {
  return async (question, model, signal) => {
    const accesses = ring.take()
    for (const [at, access] of accesses.entries()) {
      const isLast = at === accesses.length - 1
      for (let triesLeft = isLast ? settings.maxRetries : 0; ; triesLeft--) {
        if (signal.aborted) return null
        const attempt = ring.begin(access)
        try {
          return await begin(access, { question, model, signal, attempt })
        } catch (error) {
          const fault = faultOfThrown(error)
          tell(fault, access)
          const mayBeBetter = attempt.failed(fault)
          const pauseMs = triesLeft > 0 ? pauseBefore(fault) : null
          if (pauseMs === null) {
            if (isLast || !mayBeBetter) throw new BeginFailure(refusalFor(fault, access), fault)
            break
          }
          await sleep(pauseMs, undefined, { signal }).catch(() => {})
        }
      }
    }
    throw new BeginFailure(appErrorOf(noAccess), noAccess)
  }

  /** Asks again without what was added to the question, or in other words, where the provider refuses that. */
  async function begin(access: Access, asked: Try): Promise<BegunRelay | null> {
    const { question, signal } = asked
    const model = asked.model || (await ownModel(access, signal))
    const applied = quirks.of(model)
    let isLengthRefused = false
    for (;;) {
      const withUsage = question.mayAskForUsage && !applied.has('no-stream-options')
      const usual = applied.has('max-completion-tokens') ? 'max_completion_tokens' : 'max_tokens'
      const lengthAs = question.addsLength && !isLengthRefused ? usual : null
      try {
        const answer = await open(access, { ...asked, model }, { withUsage, lengthAs })
        if (answer !== null) quirks.remember(model, applied, question.mayAskForUsage)
        return answer
      } catch (error) {
        const { status, excerpt } = faultOfThrown(error)
        if (status !== 400 && status !== 422) throw error
        if (withUsage && /stream_options|include_usage/i.test(excerpt)) applied.add('no-stream-options')
        else if (lengthAs === 'max_tokens' && /max_completion_tokens/i.test(excerpt))
          applied.add('max-completion-tokens')
        // The model, or what the question leaves of its window, has less: then that is the limit.
        else if (lengthAs !== null && aboutLength.test(excerpt)) isLengthRefused = true
        else throw error
      }
    }
  }

  /** The answer with its first bytes, which may say that it is none. */
  async function open(access: Access, asked: Try, wording: RelayWording): Promise<BegunRelay | null> {
    const { signal } = asked
    const askedAt = performance.now()
    const response = await headersOf(access, asked, wording)
    if (response === null) return null
    const contentType = response.headers.get('content-type') ?? ''
    if (/^text\/html/i.test(contentType)) {
      void response.body?.cancel().catch(() => {})
      throw unreadable('HTML instead of an answer')
    }
    // Many providers send their headers long before the model has its first word.
    const reader = createIdleReader(response.body ?? new Blob().stream(), {
      silenceSeconds: settings.timeoutSeconds,
      signal,
    })
    const opening = await openingOf(reader, /^text\/event-stream/i.test(contentType))
    if (signal.aborted || opening === null) {
      reader.close('cancel')
      if (signal.aborted) return null
      throw unreadable('an answer without a word')
    }
    let first: Uint8Array | null = opening.bytes
    const { filler } = opening
    let { pending } = opening
    let beganAt: number | null = null
    let isOpening = true
    let isOver = false
    if (opening.wordAt !== null) begun()
    return {
      contentType,
      hasAddedUsage: wording.withUsage,
      waitedMs: performance.now() - askedAt,
      beganAt: () => beganAt,
      async next() {
        if (isOpening) return nextOfOpening()
        const bytes = await reader.read()
        isOver = bytes === null
        return bytes
      },
      close: () => reader.close(isOver ? 'drain' : 'cancel'),
      failed(error) {
        const fault = faultOfThrown(error)
        tell(fault, access)
        if (beganAt === null) asked.attempt.failed(fault)
        return appErrorOf(fault)
      },
    }

    function begun(): void {
      beganAt = performance.now()
      asked.attempt.worked()
      reader.allowSilence(settings.idleTimeoutSeconds)
    }

    /** What was read, and where that is nothing but comments all until there is a word. */
    async function nextOfOpening(): Promise<Uint8Array | null> {
      if (first !== null) {
        const bytes = first
        first = null
        isOpening = beganAt === null
        return bytes
      }
      const bytes = await (pending ?? reader.read())
      pending = null
      if (bytes === null && !signal.aborted) throw unreadable('an answer without a word')
      const wordAt = bytes === null ? null : filler.endIn(bytes)
      if (bytes === null || wordAt === null) return bytes
      refuseFault(bytes.subarray(wordAt))
      begun()
      isOpening = false
      return bytes
    }
  }

  /** null: the signal came first. */
  async function headersOf(access: Access, asked: Try, wording: RelayWording): Promise<Response | null> {
    const { question, model, signal } = asked
    // Its own signal: the body is cancelled by its reader, never aborted.
    const waiting = new AbortController()
    const abort = () => waiting.abort()
    let late = false
    const deadline = setTimeout(() => {
      late = true
      abort()
    }, settings.timeoutSeconds * 1000)
    signal.addEventListener('abort', abort, { once: true })
    try {
      const ask = createProviderFetch({ apiKey: access.apiKey, organization: provider.organization })
      const response = await ask(access.baseUrl + question.path, {
        method: 'POST',
        body: question.bodyFor({ provider: provider.name, model }, wording),
        signal: waiting.signal,
      })
      if (!response.ok) throw new ProviderFailure(await faultOfResponse(response))
      return response
    } catch (error) {
      if (signal.aborted) return null
      throw late ? new ProviderFailure(timeoutFault('no headers in time')) : error
    } finally {
      clearTimeout(deadline)
      signal.removeEventListener('abort', abort)
    }
  }

  async function openingOf(reader: IdleReader, isStream: boolean): Promise<Opening | null> {
    try {
      const opening = await readOpening(reader, { isStream, patienceMs })
      if (opening !== null && opening.wordAt !== null) refuseFault(opening.bytes.subarray(opening.wordAt))
      return opening
    } catch (error) {
      reader.close('cancel')
      throw error
    }
  }

  function tell(fault: Fault, access: Access): void {
    const { code, status, reason } = fault
    // What people wrote may be in it, and they are many words: only the beginning is kept.
    const excerpt = redact(fault.excerpt, [access.apiKey]).slice(0, 120)
    log.warn(
      { provider: provider.name, access: access.id, code, status, reason, excerpt },
      'the model failed',
    )
  }
}

function refuseFault(word: Uint8Array): void {
  const fault = faultIn(word)
  if (fault !== null) throw new ProviderFailure(fault)
}

/** How long to wait before the same access is asked again; null: it would be in vain. */
function pauseBefore({ code, retryAfterSeconds = 0.5 }: Fault): number | null {
  if (code !== 'rate_limited' && code !== 'provider_unavailable') return null
  return retryAfterSeconds <= longestPauseSeconds ? retryAfterSeconds * 1000 : null
}

/** Longer than this nobody waits without a word. */
const longestPauseSeconds = 5

/** In the words of OpenAI, DeepSeek, vLLM and others. */
const aboutLength = /max_(completion_|output_)?tokens|context.?(length|window)|maximum.{0,20}(length|tokens)/i

const noAccess: Fault = {
  code: 'provider_unavailable',
  status: null,
  reason: 'there is no key for it any more',
  excerpt: '',
}
