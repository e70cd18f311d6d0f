import type { Deps } from '../../deps.ts'
import type { AppError } from '../../errors.ts'
import type { TokenUsage } from '../../llm/llm.ts'
import type { UsedTokens } from '../models/cost-of.ts'
import { factorOf, learnFactor } from '../models/token-factors.ts'

/** What was heard of a call, until it ended in whatever way. */
export interface Heard {
  /** Of the model that has answered. */
  modelId: string
  /** What the provider has counted; null: it sent no numbers that can be believed. */
  reported: TokenUsage | null
  /** By our rule alone. */
  estimated: { promptTokens: number; completionTokens: number }
  /** Until the first word; null: there was none. */
  firstTokenMs: number | null
  /** Why it failed; null: it did not, but may have been stopped. */
  failure: AppError | null
}

/** What a call has used, by the provider's count or by our estimate. */
export type CountedTokens = Required<UsedTokens> & { isEstimated: boolean }

/**
 * The one rule for all calls: what the provider has counted, or else what was sent and delivered by our estimate;
 * nothing where it has refused the question or could not be reached. Learns how the model counts.
 */
export function countTokens(deps: Pick<Deps, 'tokenFactors'>, heard: Heard): CountedTokens {
  const { reported, estimated, modelId } = heard
  if (reported !== null) {
    learnFactor(deps, modelId, estimated.promptTokens, reported.promptTokens)
    const { promptTokens, completionTokens, cachedTokens = 0, reasoningTokens = 0 } = reported
    return { promptTokens, cachedTokens, completionTokens, reasoningTokens, isEstimated: false }
  }
  const factor = wasRefused(heard) ? 0 : factorOf(deps, modelId)
  return {
    promptTokens: Math.round(estimated.promptTokens * factor),
    cachedTokens: 0,
    completionTokens: Math.round(estimated.completionTokens * factor),
    reasoningTokens: 0,
    isEstimated: true,
  }
}

/** Who was silent for too long may have worked all the while. */
function wasRefused({ failure, firstTokenMs }: Heard): boolean {
  const isTimeout = failure?.code === 'provider_timeout' || failure?.code === 'turn_too_long'
  return failure !== null && firstTokenMs === null && !isTimeout
}
