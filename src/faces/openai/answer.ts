import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { openAiError } from '../../http/openai-error.ts'
import { noteWait } from '../../http/overhead.ts'
import { streamBody } from '../../http/stream-body.ts'
import type { StreamEnd } from '../../http/stream-end.ts'
import type { RelayEnd, RelayedAnswer } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { watchCaller } from '../../modules/auth/watch-caller.ts'
import type { CallEnd, OpenCall } from './open-call.ts'

interface Answering {
  request: Request
  caller: Pick<Caller, 'user' | 'key' | 'sessionId'>
  call: OpenCall
  relayed: RelayedAnswer
  /** Aborted with an error that the caller is to be told, or because nobody waits. */
  stopping: AbortController
}

/** The provider's answer as it comes, or all of it at once where it is no stream. Throws only where it is none. */
export function answer(deps: Deps, answering: Answering): Promise<Response> {
  const isStream = /^text\/event-stream/i.test(answering.relayed.contentType)
  return isStream ? answerAsStream(deps, answering) : answerAtOnce(answering)
}

/** Longer ones nobody sends. */
const maxAnswerBytes = 64 << 20

async function answerAtOnce({ request, call, relayed, stopping }: Answering): Promise<Response> {
  const readingSince = performance.now()
  const pieces: Uint8Array[] = []
  let size = 0
  let failure: AppError | null = null
  try {
    for (let bytes = await relayed.next(); bytes !== null; bytes = await relayed.next()) {
      pieces.push(bytes)
      size += bytes.byteLength
      if (size > maxAnswerBytes) throw new Error('an answer that is too long')
    }
  } catch (error) {
    failure = relayed.failed(error)
  }
  noteWait(request, performance.now() - readingSince)
  const answer = { ...relayed.close(), model: relayed.model }
  call.end({ outcome: stopping.signal.aborted ? 'stopped' : 'complete', failure, answer })
  failure ??= findAppError(stopping.signal.reason)
  if (failure !== null) throw failure
  const headers = { 'content-type': relayed.contentType || 'application/json' }
  return new Response(Buffer.concat(pieces, size), { headers })
}

async function answerAsStream(
  deps: Deps,
  { request, caller, call, relayed, stopping }: Answering,
): Promise<Response> {
  let end: RelayEnd | null = null
  let failure: AppError | null = null
  let isCut = false

  // Its first bytes are there already.
  const opening = await next()
  const body = streamBody(request, { next, close }, { opening, whileOpen })
  return new Response(body, { headers: streamHeaders })

  /** What is said last is the failure. */
  async function next(): Promise<Uint8Array | string | null> {
    if (end !== null || failure !== null) return null
    try {
      const bytes = await relayed.next()
      if (bytes !== null) return bytes
      end = relayed.close()
      failure = end.isWhole || stopping.signal.aborted ? null : brokenOff()
    } catch (error) {
      failure = relayed.failed(error)
    }
    return failure && errorEvent(failure)
  }

  async function close(outcome: StreamEnd['outcome']): Promise<void> {
    if (end === null) {
      stopping.abort()
      end = relayed.close()
    }
    call.end({ outcome: outcomeOf(outcome), failure, answer: { ...end, model: relayed.model } })
  }

  function outcomeOf(outcome: StreamEnd['outcome']): CallEnd['outcome'] {
    if (outcome === 'complete' && !isCut) return outcome
    return deps.lifecycle.isDraining ? 'interrupted' : 'stopped'
  }

  /** Ends with the key or the session on whose strength it goes out, in words that no client takes for its end. */
  function whileOpen(endBody: (lastWords: string) => void): () => void {
    return watchCaller(deps, caller, () => {
      isCut = true
      endBody(`\n\n${errorEvent(new AppError('unauthenticated', 'The session or key that asks has ended'))}`)
    })
  }
}

/** Neither a reason why the model has stopped nor `[DONE]`. */
function brokenOff(): AppError {
  return new AppError('provider_unavailable', 'The answer of the model broke off')
}

/** OpenAI's clients throw it as an error, whichever of their streams they read. */
function errorEvent(error: AppError): string {
  return `event: error\ndata: ${JSON.stringify({ type: 'error', ...openAiError(error) })}\n\n`
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx buffers whole answers without it, and with gzip even those that it was told not to buffer.
  'x-accel-buffering': 'no',
}
