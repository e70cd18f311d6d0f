import type { Deps } from '../../deps.ts'
import type { AppError } from '../../errors.ts'
import { openAiError } from '../../http/openai-error.ts'
import { streamBody } from '../../http/stream-body.ts'
import type { StreamEnd } from '../../http/stream-end.ts'
import type { RelayedAnswer } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { watchKey } from '../../modules/auth/watch-key.ts'
import { watchSession } from '../../modules/auth/watch-session.ts'
import type { Call, CallEnd } from './call.ts'
import { endCall } from './end-call.ts'

interface Answering {
  request: Request
  caller: Pick<Caller, 'key' | 'sessionId'>
  call: Call
  relayed: RelayedAnswer
  stopping: AbortController
}

/** The provider's answer as it comes, or all of it at once where it is no stream. Throws only where it is none. */
export function answer(deps: Deps, answering: Answering): Promise<Response> | Response {
  const isStream = /^text\/event-stream/i.test(answering.relayed.contentType)
  return isStream ? answerAsStream(deps, answering) : answerAtOnce(deps, answering)
}

/** Longer ones nobody sends. */
const maxAnswerBytes = 64 << 20

async function answerAtOnce(deps: Deps, { call, relayed }: Answering): Promise<Response> {
  const firstByteMs = performance.now() - call.startedAt
  const readingSince = performance.now()
  const pieces: Uint8Array[] = []
  let size = 0
  let error: AppError | null = null
  try {
    for (let bytes = await relayed.next(); bytes !== null; bytes = await relayed.next()) {
      pieces.push(bytes)
      size += bytes.byteLength
      if (size > maxAnswerBytes) throw new Error('an answer that is too long')
    }
  } catch (thrown) {
    error = relayed.failed(thrown)
  }
  const waitedMs = relayed.waitedMs + performance.now() - readingSince
  const end = relayed.close()
  endCall(deps, call, {
    ...end,
    model: relayed.model,
    outcome: error === null ? 'complete' : 'failed',
    errorCode: error?.code ?? null,
    firstByteMs,
  })
  if (error !== null) throw error
  const headers = { 'content-type': relayed.contentType || 'application/json', ...overheadOf(call, waitedMs) }
  return new Response(Buffer.concat(pieces, size), { headers })
}

function answerAsStream(deps: Deps, { request, caller, call, relayed, stopping }: Answering): Response {
  const firstByteMs = performance.now() - call.startedAt
  let failure: AppError | null = null
  let isCut = false

  const body = streamBody(
    request,
    {
      async next() {
        // What was said last is the failure.
        if (failure !== null) return null
        try {
          return await relayed.next()
        } catch (error) {
          failure = relayed.failed(error)
          return errorEvent(failure)
        }
      },
      async close(outcome) {
        stopping.abort()
        const end = relayed.close()
        endCall(deps, call, {
          ...end,
          model: relayed.model,
          ...howItEnded(outcome, end.isWhole),
          firstByteMs,
        })
      },
    },
    { whileOpen },
  )
  return new Response(body, {
    headers: { ...streamHeaders, ...overheadOf(call, relayed.waitedMs) },
  })

  /** Ends with the key or the session on whose strength it goes out. */
  function whileOpen(end: () => void): () => void {
    return watch(deps, caller, () => {
      isCut = true
      end()
    })
  }

  function howItEnded(
    outcome: StreamEnd['outcome'],
    isWhole: boolean,
  ): Pick<CallEnd, 'outcome' | 'errorCode'> {
    if (failure !== null) return { outcome: 'failed', errorCode: failure.code }
    if (outcome === 'complete' && !isCut) {
      return isWhole ? { outcome, errorCode: null } : { outcome: 'failed', errorCode: 'provider_unavailable' }
    }
    return { outcome: deps.lifecycle.isDraining ? 'interrupted' : 'stopped', errorCode: null }
  }
}

function watch(deps: Deps, { key, sessionId }: Answering['caller'], end: () => void): () => void {
  if (key !== null) return watchKey(deps, key.id, end)
  return sessionId === null ? () => {} : watchSession(deps, sessionId, end)
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

function overheadOf({ startedAt }: Call, waitedMs: number) {
  const overheadMs = Math.max(performance.now() - startedAt - waitedMs, 0)
  return { 'x-cloudchat-overhead-us': String(Math.round(overheadMs * 1000)) }
}
