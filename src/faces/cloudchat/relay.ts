import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { ndjson } from '../../http/ndjson.ts'
import { describeError } from '../../lib/describe-error.ts'
import type { ModelRef, Prompt } from '../../llm/llm.ts'
import { untilSessionEnds } from '../../modules/auth/watch-session.ts'
import type { Asker } from './admit-chat.ts'
import { startAnswer } from './answer.ts'
import { openCall } from './metered-call.ts'
import { modelFailure } from './model-failure.ts'

interface Relay extends Asker {
  prompt: Prompt
  model: ModelRef
  /** Asked in their order when it fails before its first word. */
  fallbacks?: ModelRef[]
  /** With what the visitor was given of the reply, before the body ends. Not when there was no answer at all. */
  onWords?: (reply: string) => Promise<void>
  /** Once, whatever happened. */
  onEnd?: () => Promise<void>
}

/** nginx's word for it; nobody reads it but the access log. */
const clientClosedRequest = 499

/** What an answer to the live front end is called: its old service never said ndjson. */
const headers = { 'content-type': 'application/json' }

/** Asks the model and hands its words on, line by line. A failure before the first word is a status, later a cut. */
export async function relay(
  deps: Deps,
  request: Request,
  { userId, sessionId, prompt, model, fallbacks = [], onWords = nothing, onEnd = nothing }: Relay,
): Promise<Response> {
  const { llm, log } = deps
  const ending = untilSessionEnds(deps, request.signal, sessionId)
  const isLoggedOut = () => findAppError(ending.signal.reason) !== null
  const call = await openCall(deps, { userId, prompt, model, fallbacks }).catch(async (error: unknown) => {
    ending.unwatch()
    await onEnd()
    throw error
  })
  const answer = await startAnswer(llm, call.prompt, model, {
    signal: ending.signal,
    fallbacks,
    onFallback: call.answeredBy,
    onEvents: call.hear,
  }).catch((error: unknown) => {
    call.end('complete', error)
    return modelFailure(error, log)
  })
  if (answer instanceof Response || ending.signal.aborted) {
    ending.unwatch()
    call.end('stopped')
    await onEnd()
    if (isLoggedOut()) throw new AppError('forbidden', 'Login required')
    return answer instanceof Response ? answer : new Response(null, { status: clientClosedRequest })
  }
  return ndjson(
    request,
    {
      next: () =>
        answer.next().catch((error: unknown) => {
          call.end('complete', error)
          throw error
        }),
      async close(outcome) {
        ending.unwatch()
        answer.stop()
        call.end(outcome === 'complete' && !isLoggedOut() ? 'complete' : 'stopped')
        await onWords(answer.text())
          .finally(onEnd)
          .catch((error: unknown) => {
            log.error({ error: describeError(error) }, 'the answer could not be remembered')
          })
      },
    },
    { headers },
  )
}

async function nothing(): Promise<void> {}
