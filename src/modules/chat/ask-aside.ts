import type { Deps } from '../../deps.ts'
import type { ModelRef, Prompt, TokenUsage } from '../../llm/llm.ts'
import { fallbacksOf, type Model } from '../models/find-model.ts'
import { factorOf } from '../models/token-factors.ts'
import type { CountedTokens } from '../usage/count-tokens.ts'
import type { AsideUsage } from '../usage/ledger-row.ts'
import { estimatePrompt, estimateTokens } from './estimate-tokens.ts'

/** What the service itself wants to know from a model. */
export interface Aside {
  prompt: Prompt
  model: Model
  signal: AbortSignal
  /** In characters: what goes on beyond that is stopped. */
  longestAnswer: number
}

export interface AsideAnswer {
  text: string
  /** null: it did not come to its end. */
  finishReason: string | null
  usage: AsideUsage
}

type AsideDeps = Pick<Deps, 'llm' | 'tokenFactors'>

/**
 * Asks a model something that belongs to no turn; those that stand in for it are asked as for a turn. Throws what the
 * last of them throws before its first word; what fails later, or is stopped by the signal, has no `finishReason`, but has cost something.
 */
export async function askAside(deps: AsideDeps, aside: Aside): Promise<AsideAnswer> {
  const { prompt, model, signal, longestAnswer } = aside
  let text = ''
  let spoken = 0
  let reported: TokenUsage | null = null
  let finishReason: string | null = null
  let modelId = model.id
  const fallbacks = fallbacksOf(deps, model)
  const options = {
    model: model.ref,
    fallbacks: fallbacks.map(({ ref }) => ref),
    onFallback(ref: ModelRef) {
      modelId = fallbacks.find((one) => one.ref === ref)?.id ?? modelId
    },
    signal,
  }
  try {
    for await (const batch of deps.llm.stream(prompt, options)) {
      for (const event of batch) {
        if (event.type === 'delta') text += event.text
        if (event.type === 'delta' || event.type === 'reasoning') spoken += estimateTokens(event.text)
        if (event.type === 'usage') reported = event.usage
        if (event.type === 'finish') finishReason = event.reason
      }
      if (text.length > longestAnswer) break
    }
  } catch (error) {
    if (spoken === 0) throw error
  }
  const counted = reported === null ? estimate(deps, modelId, prompt, spoken) : usageOf(reported)
  const usage = { ...counted, models: [model, ...fallbacks], modelId }
  return { text, finishReason: text.length > longestAnswer ? null : finishReason, usage }
}

function usageOf(counted: TokenUsage): CountedTokens {
  const { promptTokens, completionTokens, cachedTokens = 0, reasoningTokens = 0 } = counted
  return { promptTokens, cachedTokens, completionTokens, reasoningTokens, isEstimated: false }
}

function estimate(deps: AsideDeps, modelId: string, prompt: Prompt, spoken: number): CountedTokens {
  const factor = factorOf(deps, modelId)
  return {
    promptTokens: Math.round(estimatePrompt(prompt.messages) * factor),
    cachedTokens: 0,
    completionTokens: Math.round(spoken * factor),
    reasoningTokens: 0,
    isEstimated: true,
  }
}
