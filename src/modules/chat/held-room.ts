import type { UsageCall, UsageGrant } from '../../db/usage-reserve.ts'
import type { Deps } from '../../deps.ts'
import type { Prompt } from '../../llm/llm.ts'
import type { Model } from '../models/find-model.ts'
import { highestPrices } from '../models/highest-prices.ts'
import { factorOf } from '../models/token-factors.ts'
import { cutLengthFor } from '../usage/cut-length.ts'
import { usageCall } from '../usage/usage-call.ts'
import type { BuiltPrompt } from './build-prompt.ts'

type TurnDeps = Pick<Deps, 'config' | 'now' | 'tokenFactors'>

/** What room a turn wants under its owner's plan: for the prompt, and the longest answer that there can be. */
export function turnCall(
  deps: TurnDeps,
  { id, model, fallbacks, built }: { id: string; model: Model; fallbacks: Model[]; built: BuiltPrompt },
): UsageCall {
  const longest = deps.config.turns.maxTokens ?? Number.POSITIVE_INFINITY
  return usageCall(deps, {
    id,
    key: null,
    prices: highestPrices([model, ...fallbacks]),
    promptTokens: built.estimatedTokens * factorOf(deps, model.id),
    wantedTokens: Math.min(built.prompt.maxTokens ?? model.maxOutputTokens, longest),
  })
}

/** Our estimate of a prompt may be off by so much: a provider refuses a length that does not fit beside it. */
const promptTolerance = 1.15

/**
 * Where tokens or money limit the answer, the model is told how long it may be, also where nobody has said anything
 * about it; but for a prompt that leaves less of the model's window than that, which is limit enough.
 */
export function grantedLength(
  { maxTokens }: Prompt,
  { wantedTokens, promptTokens }: UsageCall,
  { granted, left }: UsageGrant,
  { contextWindow }: Pick<Model, 'contextWindow'>,
): Pick<Prompt, 'maxTokens'> {
  if (granted < wantedTokens) return { maxTokens: Math.min(granted, maxTokens ?? granted) }
  const isToBeSaid = left !== null && maxTokens === undefined
  return isToBeSaid && promptTokens * promptTolerance + granted <= contextWindow ? { maxTokens: granted } : {}
}

/** After how many tokens of our own count the answer is cut; null: never. */
export function cutLength(
  { config }: Pick<Deps, 'config'>,
  { wantedTokens }: UsageCall,
  { granted, left }: UsageGrant,
): number | null {
  const { maxTokens } = config.turns
  if (left === null && granted >= wantedTokens) return maxTokens
  const length = cutLengthFor(granted)
  return maxTokens === null ? length : Math.min(length, maxTokens)
}

/** A title, or a summary: what is left for questions is not spent on them. */
const asideTokens = 512

export function hasRoomAside({ left }: UsageGrant): boolean {
  return left === null || left >= asideTokens
}
