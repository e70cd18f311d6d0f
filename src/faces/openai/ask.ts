import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { noteWait } from '../../http/overhead.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import type { RelayedAnswer, RelayPath } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { watchCaller } from '../../modules/auth/watch-caller.ts'
import { answer } from './answer.ts'
import { checkQuestion } from './check-question.ts'
import { canDraw, draw } from './draw.ts'
import { type OpenCall, openCall } from './open-call.ts'
import { type PickedModel, pickModel } from './pick-model.ts'
import { readQuestion } from './read-question.ts'
import { relayQuestion } from './relay-question.ts'

/** nginx's word for it; nobody reads it but the access log. */
const clientClosedRequest = 499

/**
 * Passes a question on to the provider of its model, and the answer back. All of it ends with the key or session that
 * asks. Throws before the first byte only.
 */
export async function ask(deps: Deps, caller: Caller, request: Request, path: RelayPath): Promise<Response> {
  assertNotDraining(deps.lifecycle)
  const stopping = stopperOf(request.signal)
  const unwatch = watchCaller(deps, caller, () => stopping.abort(lockedOut()))
  try {
    const begun = await begin(deps, caller, request, path, stopping.signal)
    if (begun instanceof Response) return begun
    if (begun !== null) return await answer(deps, { request, caller, stopping, ...begun })
    const reason = findAppError(stopping.signal.reason)
    if (reason !== null) throw reason
    return new Response(null, { status: clientClosedRequest })
  } finally {
    unwatch()
  }
}

function lockedOut(): AppError {
  return new AppError('unauthenticated', 'The key or session that asks has ended')
}

/** Apart: the answer may take long, and would keep all of the question in memory. null: nobody waits for it; a response: all of the answer. */
async function begin(
  deps: Deps,
  caller: Caller,
  request: Request,
  path: RelayPath,
  signal: AbortSignal,
): Promise<{ call: OpenCall; relayed: RelayedAnswer } | Response | null> {
  const question = await readQuestion(request, deps.config.gateway.maxBodyBytes)
  const startedAt = performance.now()
  const { fields } = question
  checkQuestion(path, fields)
  const models = await pickModel(deps, caller, String(fields.model), path)
  const isApart = ({ ref }: PickedModel) =>
    path === '/images/generations' && deps.llm.drawsApart(ref.provider)
  const [model, ...others] = models
  if (isApart(model)) return drawUnlessLeft(models)
  const call = await openCall(deps, caller, { path, fields, models, startedAt })
  const fallbacks = others.filter((one) => !isApart(one))
  // What these are asked is not passed on: they come after all that it can be passed on to.
  const [painter, ...painters] = canDraw(fields) ? others.filter(isApart) : []
  const askedAt = performance.now()
  try {
    const relayed = await deps.llm.relay(relayQuestion(path, question, call.length), {
      model: model.ref,
      fallbacks: fallbacks.map(({ ref }) => ref),
      signal,
    })
    noteWait(request, relayed?.waitedMs ?? performance.now() - askedAt)
    if (relayed === null) call.end({ outcome: 'stopped', failure: null, answer: null })
    else call.answered(relayed)
    return relayed && { call, relayed }
  } catch (failure) {
    noteWait(request, performance.now() - askedAt)
    if (painter !== undefined && findAppError(failure)?.code !== 'invalid_request') {
      await call.withdraw()
      return drawUnlessLeft([painter, ...painters])
    }
    call.end({ outcome: 'complete', failure, answer: null })
    throw failure
  }

  function drawUnlessLeft(candidates: [PickedModel, ...PickedModel[]]): Promise<Response | null> {
    return draw(deps, caller, { request, fields, models: candidates, signal }).catch((error: unknown) => {
      if (signal.aborted) return null
      throw error
    })
  }
}

function stopperOf(signal: AbortSignal): AbortController {
  const stopper = new AbortController()
  signal.addEventListener('abort', () => stopper.abort(), { once: true })
  if (signal.aborted) stopper.abort()
  return stopper
}
