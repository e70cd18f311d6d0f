import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { describeError } from '../../lib/describe-error.ts'
import type { LlmEvent, ModelRef, Prompt, TokenUsage } from '../../llm/llm.ts'
import { publishUserEvent } from '../conversations/user-events.ts'
import type { PricedModel } from '../models/bill-for.ts'
import { endTurn, type Outcome } from './end-turn.ts'
import { estimateTokens } from './estimate-tokens.ts'
import type { StartData } from './events.ts'
import { interruption } from './interruption.ts'
import type { LiveTurn } from './live-turn.ts'
import { createSpeech } from './speech.ts'
import { createTurnLog } from './turn-log.ts'

/** All that is needed to generate an answer, settled before the first byte. */
export interface TurnPlan {
  userId: number
  start: StartData
  model: PricedModel
  /** Asked in their order when it fails before its first word. */
  fallbacks: PricedModel[]
  prompt: Prompt
  /** Our estimate of the prompt, for when the provider does not say. */
  promptTokens: number
  /** What to ask instead, where it comes in time; the promise is kept short and never broken. null: nothing. */
  better: ((signal: AbortSignal) => Promise<Pick<TurnPlan, 'prompt' | 'promptTokens'> | null>) | null
  /** By our count, after which the answer is cut; null: by the model itself. */
  maxTokens: number | null
  /** The beginning of the answer, when an earlier one is continued. */
  beginning: { text: string; reasoning: string } | null
}

/**
 * Generates an answer, apart from whoever asked for it: readers come and go, the log goes on until the model is done,
 * fails or is stopped. Never throws; how it ended is in the database and the last words of the log.
 */
export function runTurn(deps: Deps, plan: TurnPlan): LiveTurn {
  const stopping = new AbortController()
  const log = createTurnLog()
  const { turn_id: id, conversation_id: conversationId } = plan.start
  const turn: LiveTurn = {
    id,
    userId: plan.userId,
    conversationId,
    log,
    stop: (why) => stopping.abort(why),
    isEnding: false,
    readers: 0,
    left() {},
    stored: { seq: 0, textLength: 0, reasoningLength: 0, isUnsure: false },
    storing: null,
    mirroredSeq: 0,
    mirroredAt: -Infinity,
    ended: Promise.resolve(),
  }
  deps.turns.set(id, turn)
  log.append({ type: 'start', data: plan.start })
  if (plan.beginning !== null) log.append({ type: 'snapshot', data: plan.beginning })
  const { assistant_message_id } = plan.start
  publishUserEvent(deps, plan.userId, {
    type: 'turn_started',
    data: { turn_id: id, conversation_id: conversationId, assistant_message_id },
  })
  turn.ended = speak(deps, plan, turn, stopping).then((outcome) => endTurn(deps, turn, outcome))
  return turn
}

async function speak(
  deps: Deps,
  plan: TurnPlan,
  turn: LiveTurn,
  stopping: AbortController,
): Promise<Outcome> {
  const { log } = turn
  const { model, fallbacks, maxTokens } = plan
  const { maxSeconds } = deps.config.turns
  const startedAt = performance.now()
  const speech = createSpeech((piece) => log.append(piece))
  const timer = maxSeconds === null ? null : setTimeout(() => stopping.abort('too_long'), maxSeconds * 1000)
  let firstTokenMs: number | null = null
  let finishReason: string | null = null
  let usage: TokenUsage | null = null
  let spoken = 0
  let failure: AppError | null = null
  let modelId = model.id
  const { prompt, promptTokens } = (await plan.better?.(stopping.signal)) ?? plan

  function hear(event: LlmEvent): void {
    if (event.type === 'finish') finishReason = event.reason
    else if (event.type === 'usage') usage = event.usage
    else {
      firstTokenMs ??= performance.now() - startedAt
      spoken += estimateTokens(event.text)
      speech.say(event.type, event.text)
    }
  }

  const options = {
    model: model.ref,
    fallbacks: fallbacks.map(({ ref }) => ref),
    onFallback(ref: ModelRef) {
      modelId = fallbacks.find((one) => one.ref === ref)?.id ?? modelId
    },
    signal: stopping.signal,
  }

  try {
    for await (const batch of deps.llm.stream(prompt, options)) {
      if (stopping.signal.aborted) break
      for (const event of batch) {
        hear(event)
        if (maxTokens === null || spoken <= maxTokens) continue
        stopping.abort('cut')
        break
      }
    }
  } catch (error) {
    failure = asAppError(deps, turn, error)
  } finally {
    if (timer !== null) clearTimeout(timer)
    speech.flush()
  }
  return {
    ...howItEnded(stopping.signal, finishReason, failure),
    usage,
    estimatedUsage: { promptTokens, completionTokens: spoken },
    models: [model, ...fallbacks],
    modelId,
    firstTokenMs,
    durationMs: performance.now() - startedAt,
  }
}

function howItEnded(
  signal: AbortSignal,
  finishReason: string | null,
  failure: AppError | null,
): Pick<Outcome, 'state' | 'finishReason' | 'error'> {
  if (signal.aborted && signal.reason === 'stopped') {
    return { state: 'stopped', finishReason: 'stopped', error: null }
  }
  if (signal.aborted && signal.reason === 'interrupted') {
    return { state: 'interrupted', finishReason: null, error: interruption() }
  }
  if (signal.aborted && signal.reason === 'cut') {
    return { state: 'complete', finishReason: 'length', error: null }
  }
  if (signal.aborted) return failed(new AppError('turn_too_long', 'The answer took too long'))
  if (failure !== null) return failed(failure)
  return { state: 'complete', finishReason: finishReason ?? 'stop', error: null }
}

function failed(error: AppError): Pick<Outcome, 'state' | 'finishReason' | 'error'> {
  return { state: 'failed', finishReason: null, error }
}

function asAppError({ log }: Deps, turn: LiveTurn, error: unknown): AppError {
  const known = findAppError(error)
  const record = {
    turn_id: turn.id,
    code: known?.code ?? 'internal',
    error: describeError(known?.cause ?? error),
  }
  log[known === null ? 'error' : 'warn'](record, 'the model failed')
  return known ?? new AppError('internal', 'Something went wrong', { cause: error })
}
