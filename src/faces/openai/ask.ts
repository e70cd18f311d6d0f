import type { Deps } from '../../deps.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import type { RelayPath } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { estimateTokens } from '../../modules/chat/estimate-tokens.ts'
import { answer } from './answer.ts'
import { checkQuestion, countOf, isObject, wantedTokens } from './check-question.ts'
import { withMembers } from './json-members.ts'
import { pickModel } from './pick-model.ts'
import { estimateQuestion, messagesOf } from './question-texts.ts'
import { type Question, readQuestion } from './read-question.ts'

/** nginx's word for it; nobody reads it but the access log. */
const clientClosedRequest = 499

/** Passes a question on to the provider of its model, and the answer back. Throws before the first byte only. */
export async function ask(deps: Deps, caller: Caller, request: Request, path: RelayPath): Promise<Response> {
  assertNotDraining(deps.lifecycle)
  const question = await readQuestion(request, deps.config.gateway.maxBodyBytes)
  const startedAt = performance.now()
  const { fields } = question
  checkQuestion(path, fields)
  const { model, fallbacks } = await pickModel(deps, caller, String(fields.model))
  wantedTokens(fields, model.maxOutputTokens)
  const call = {
    path,
    userId: caller.user.id,
    keyId: caller.key?.id ?? null,
    promptTokens: estimateQuestion(fields),
    images: path === '/images/generations' ? countOf(fields) : 0,
    startedAt,
  }
  const stopping = stopperOf(request.signal)
  const relayed = await deps.llm.relay(relayQuestion(path, question), {
    model: model.ref,
    fallbacks: fallbacks.map(({ ref }) => ref),
    signal: stopping.signal,
  })
  if (relayed === null) return new Response(null, { status: clientClosedRequest })
  return answer(deps, { request, caller, call, relayed, stopping })
}

/** Apart: the answer, which may take long, would keep a function made above, and with it all of the question. */
function relayQuestion(path: RelayPath, { text, fields, members }: Question) {
  const isStream = fields.stream === true
  const options = isObject(fields.stream_options) ? fields.stream_options : {}
  const mayAskForUsage = path === '/chat/completions' && isStream && options.include_usage !== true
  return {
    path,
    mayAskForUsage,
    estimate: estimateTokens,
    bodyFor({ model }: { model: string }, withUsage: boolean): string {
      const replaced = [{ name: 'model', value: model as unknown }]
      const wish = { ...options, include_usage: true }
      const isThere = members.has('stream_options')
      if (withUsage && isThere) replaced.push({ name: 'stream_options', value: wish })
      return withMembers(
        text,
        replaced.flatMap(({ name, value }) => {
          const at = members.get(name)
          return at === undefined ? [] : [{ at, by: JSON.stringify(value) }]
        }),
        withUsage && !isThere ? { stream_options: wish } : {},
      )
    },
    prompt: () => ({ messages: messagesOf(fields), isStream }),
  }
}

function stopperOf(signal: AbortSignal): AbortController {
  const stopper = new AbortController()
  signal.addEventListener('abort', () => stopper.abort(), { once: true })
  if (signal.aborted) stopper.abort()
  return stopper
}
