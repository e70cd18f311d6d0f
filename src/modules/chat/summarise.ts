import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { describeError } from '../../lib/describe-error.ts'
import { readBranch } from '../conversations/read-branch.ts'
import { tellOfChange } from '../conversations/user-events.ts'
import type { Model } from '../models/find-model.ts'
import { factorOf } from '../models/token-factors.ts'
import { asideRow } from '../usage/ledger-row.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { makeSummary, type SummaryLimits, summaryLimits } from './make-summary.ts'
import { planSummary, type SummaryPlan, type SummaryStep } from './plan-summary.ts'
import { lockSummary, pauseSummaries } from './summary-lock.ts'
import { insertSummary } from './summary-store.ts'

export interface SummaryWish {
  userId: number
  conversationId: string
  /** The branch that ends here. */
  leafId: string
  model: Model
  systemPrompt: string | null
  /** Of the answers; null: nobody has said. */
  maxTokens: number | null
  /** Of what is to be said to the model after the branch, in tokens of our rule. */
  questionTokens: number
  /** Somebody wants it: whatever is there already, and also where everything fits. */
  isAnew: boolean
}

/**
 * `made`: there is something new. `nothing`: there is nothing to be summarised, or nobody who could. `elsewhere`:
 * another instance is at it. `paused`: it has failed lately.
 */
export type SummaryEnd =
  | { state: 'made' | 'nothing' | 'elsewhere' | 'paused' }
  | { state: 'failed'; error: AppError }

/** Of one step. */
const stepMs = 120_000
const charsPerToken = 4
const stepsRead = 8

/**
 * Has the model summarise what a branch has outgrown, and keeps that. One at a time for each conversation: who comes
 * meanwhile gets the end of what is under way. Never throws; takes minutes at the most.
 */
export function summarise(deps: Deps, wish: SummaryWish): Promise<SummaryEnd> {
  const { conversationId: id } = wish
  const running = deps.summaries.get(id)
  if (running !== undefined) return running
  const ended = begin(deps, wish).finally(() => deps.summaries.delete(id))
  deps.summaries.set(id, ended)
  return ended
}

async function begin(deps: Deps, wish: SummaryWish): Promise<SummaryEnd> {
  if (wish.model.ref.provider === 'demo') return { state: 'nothing' }
  try {
    return await deps.summaryGate.run(1, () => makeAlone(deps, wish))
  } catch (error) {
    const { conversationId: conversation_id } = wish
    deps.log.warn({ conversation_id, error: describeError(error) }, 'a summary was not made')
    return failed(error)
  }
}

async function makeAlone(deps: Deps, wish: SummaryWish): Promise<SummaryEnd> {
  const lock = await lockSummary(deps, wish.conversationId, wish)
  if (typeof lock === 'string') return { state: lock }
  const stopping = new AbortController()
  // A process that is about to end does not wait for a model.
  const forget = deps.lifecycle.onDraining(() => stopping.abort())
  try {
    return await make(deps, wish, stopping.signal, lock.prolong)
  } catch (error) {
    if (!stopping.signal.aborted) await pauseSummaries(deps, wish.conversationId)
    throw error
  } finally {
    forget()
    await lock.release()
  }
}

async function make(
  deps: Deps,
  wish: SummaryWish,
  signal: AbortSignal,
  prolong: () => Promise<void>,
): Promise<SummaryEnd> {
  const { userId, conversationId, leafId, model } = wish
  const factor = factorOf(deps, model.id)
  const limits = summaryLimits(model, factor)
  if (limits === null) return { state: 'nothing' }
  const maxChars = model.contextWindow * charsPerToken * stepsRead
  const branch = await readBranch(deps, userId, conversationId, leafId, { maxChars })
  const plan = planSummary({ ...wish, branch, factor }, limits.stepTokens)
  if (plan === null) return { state: 'nothing' }
  let base = plan.base
  for (const step of plan.steps) {
    await prolong()
    base = await makeStep(deps, wish, { limits, base, step, signal })
    // What it was to stand for has been deleted meanwhile.
    if (base === null) return { state: 'nothing' }
    tellOfChange(deps, userId, conversationId)
  }
  return { state: 'made' }
}

interface StepTask {
  limits: SummaryLimits
  base: SummaryPlan['base']
  step: SummaryStep
  signal: AbortSignal
}

/** What stands for everything up to the end of the step; null: the messages are gone. */
async function makeStep(
  deps: Deps,
  { userId, conversationId, model }: SummaryWish,
  { limits, base, step, signal }: StepTask,
): Promise<SummaryPlan['base']> {
  const startedAt = performance.now()
  const { text, usage } = await makeSummary(deps, {
    model,
    limits,
    base: base?.text ?? null,
    messages: step.messages,
    signal: AbortSignal.any([signal, AbortSignal.timeout(stepMs)]),
  })
  const messageCount = (base?.messageCount ?? 0) + step.messageCount
  const isKept = await insertSummary(deps.db, {
    userId,
    conversationId,
    throughMessageId: step.throughMessageId,
    text,
    model: usage.modelId,
    tokens: Math.round(estimateTokens(text ?? '') * factorOf(deps, model.id)),
    messageCount,
    createdAt: deps.now(),
    usage: asideRow(deps, {
      kind: 'summary',
      userId,
      turnId: null,
      usage,
      durationMs: performance.now() - startedAt,
      isUseless: text === null,
    }),
    timezone: deps.config.usage.timezone,
  })
  if (text === null) throw new AppError('provider_unavailable', 'The model has given no summary')
  return isKept ? { text, messageCount } : null
}

function failed(error: unknown): SummaryEnd {
  const known = findAppError(error)
  return {
    state: 'failed',
    error: known ?? new AppError('internal', 'Something went wrong', { cause: error }),
  }
}
