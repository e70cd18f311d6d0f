import type { UsageCall, UsageGrant } from '../../db/usage-reserve.ts'
import type { Deps } from '../../deps.ts'
import type { Prompt } from '../../llm/llm.ts'
import type { Model } from '../models/find-model.ts'
import { factorOf } from '../models/token-factors.ts'
import { usageCall } from '../usage/usage-call.ts'
import type { BuiltPrompt } from './build-prompt.ts'

type TurnDeps = Pick<Deps, 'config' | 'now' | 'tokenFactors'>

/** What room a turn wants under its owner's plan: for the prompt, and the longest answer that there can be. */
export function turnCall(
  deps: TurnDeps,
  { id, model, built }: { id: string; model: Model; built: BuiltPrompt },
): UsageCall {
  const longest = deps.config.turns.maxTokens ?? Number.POSITIVE_INFINITY
  return usageCall(deps, {
    id,
    key: null,
    prices: model.prices,
    promptTokens: built.estimatedTokens * factorOf(deps, model.id),
    wantedTokens: Math.min(built.prompt.maxTokens ?? model.maxOutputTokens, longest),
  })
}

/** Where less was granted than was wanted, the model is told. */
export function loweredLength(
  { maxTokens }: Prompt,
  { wantedTokens }: UsageCall,
  { granted }: UsageGrant,
): Pick<Prompt, 'maxTokens'> {
  return granted < wantedTokens ? { maxTokens: Math.min(granted, maxTokens ?? granted) } : {}
}

/** Our count is not the model's, which knows how much it may say: only one that does not keep to it is cut. */
const tolerance = 1.25

/** After how many tokens of our own count the answer is cut; null: never. */
export function cutLength(
  { config }: Pick<Deps, 'config'>,
  { wantedTokens }: UsageCall,
  { granted }: UsageGrant,
): number | null {
  const { maxTokens } = config.turns
  if (granted >= wantedTokens) return maxTokens
  const length = Math.ceil(granted * tolerance)
  return maxTokens === null ? length : Math.min(length, maxTokens)
}

/** A title, or a summary: what is left for questions is not spent on them. */
const asideTokens = 512

export function hasRoomAside({ left }: UsageGrant): boolean {
  return left === null || left >= asideTokens
}
