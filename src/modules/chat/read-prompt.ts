import type { Deps } from '../../deps.ts'
import { readBranch } from '../conversations/read-branch.ts'
import type { Model } from '../models/find-model.ts'
import { factorOf } from '../models/token-factors.ts'
import { awaitSummary } from './await-summary.ts'
import { type BuiltPrompt, buildPrompt } from './build-prompt.ts'
import { estimateMessage } from './estimate-tokens.ts'
import type { LiveTurn } from './live-turn.ts'
import { nearlyFull } from './plan-summary.ts'
import type { BranchMessage } from './rounds.ts'
import { type SummaryWish, summarise } from './summarise.ts'

/** What a model is to be given. */
export interface PromptWish {
  userId: number
  conversationId: string
  /** The branch up to here; null: nothing was said yet. */
  leafId: string | null
  /** And then this. */
  last: BranchMessage[]
  model: Model
  systemPrompt: string | null
  /** Of the answer; null: nobody has said. */
  maxTokens: number | null
}

/** Of plain English about four; nothing that people write has many more. */
const mostCharsPerToken = 8

/** Throws `invalid_request`, as `buildPrompt`. */
export async function readPrompt(deps: Deps, wish: PromptWish): Promise<BuiltPrompt> {
  const { userId, conversationId, leafId, model } = wish
  const maxChars = model.contextWindow * mostCharsPerToken
  const earlier: BranchMessage[] = await readBranch(deps, userId, conversationId, leafId, { maxChars })
  const hasSummaries = deps.config.turns.summaryTimeoutSeconds !== null
  if (!hasSummaries) for (const message of earlier) message.summary = null
  return buildPrompt({ ...wish, branch: [...earlier, ...wish.last], factor: factorOf(deps, model.id) })
}

/**
 * A prompt in which a summary stands for what was left out of the one before; null: there is none in time, or nothing
 * more to be had. Never throws.
 */
export async function readPromptWithSummary(
  deps: Deps,
  wish: PromptWish,
  signal: AbortSignal,
): Promise<BuiltPrompt | null> {
  const { leafId, last } = wish
  if (leafId === null) return null
  const questionTokens = last.reduce((tokens, { content }) => tokens + estimateMessage(content), 0)
  try {
    const isThere = await awaitSummary(deps, { ...wish, leafId, questionTokens, isAnew: false }, signal)
    return isThere ? await readPrompt(deps, wish) : null
  } catch {
    // What was to be asked without it is there.
    return null
  }
}

/**
 * When an answer has ended: has the model summarise what the next question may find no room for. Never throws; nobody
 * waits for it.
 */
export async function summariseAhead(
  deps: Deps,
  { log, ended }: Pick<LiveTurn, 'log' | 'ended'>,
  wish: Omit<SummaryWish, 'questionTokens' | 'isAnew'>,
  { fullness, room }: Pick<BuiltPrompt, 'fullness' | 'room'>,
): Promise<void> {
  // Nothing is kept in memory for those that are far from it.
  if (deps.config.turns.summaryTimeoutSeconds === null || fullness < nearlyFull / 2) return
  await ended
  if (deps.lifecycle.isDraining || fullness + estimateMessage(log.text) / room <= nearlyFull) return
  await summarise(deps, { ...wish, questionTokens: 0, isAnew: false })
}
