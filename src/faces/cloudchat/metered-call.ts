import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import type { LlmEvent, ModelRef, Prompt, TokenUsage } from '../../llm/llm.ts'
import { estimatePrompt, estimateTokens } from '../../modules/chat/estimate-tokens.ts'
import type { PricedModel } from '../../modules/models/bill-for.ts'
import { listModels } from '../../modules/models/find-model.ts'
import { highestPrices } from '../../modules/models/highest-prices.ts'
import { factorOf } from '../../modules/models/token-factors.ts'
import { type CountedTokens, countTokens } from '../../modules/usage/count-tokens.ts'
import { settleUsage } from '../../modules/usage/reserve-usage.ts'
import { holdRoom } from './hold-room.ts'

/** A question to the model that somebody's plan pays for, and what is heard of its answer. */
export interface MeteredCall {
  /** No longer an answer than there is room for. */
  prompt: Prompt
  /** Another model stands in. */
  answeredBy(model: ModelRef): void
  hear(events: LlmEvent[]): void
  /** Enters into the ledger what was heard, once; nobody need wait. */
  end(outcome: 'complete' | 'stopped', failure?: unknown): void
}

interface Wish {
  /** null: a visitor without an account. */
  userId: number | null
  prompt: Prompt
  model: ModelRef
  /** Those that stand in for it. */
  fallbacks: ModelRef[]
}

/** Holds room for a question. Throws `rate_limited` when there is none: the front end has a text for that. */
export async function openCall(deps: Deps, { userId, prompt, model, fallbacks }: Wish): Promise<MeteredCall> {
  const startedAt = performance.now()
  const asked = pricedModel(deps, model)
  const models = [asked, ...fallbacks.map((one) => pricedModel(deps, one))]
  const promptTokens = estimatePrompt(prompt.messages)
  let modelId = asked.id
  let reported: TokenUsage | null = null
  let completionTokens = 0
  let firstTokenMs: number | null = null
  let isOver = false
  const reservation = await holdRoom(deps, {
    userId,
    key: null,
    models,
    prices: highestPrices(models),
    promptTokens: promptTokens * factorOf(deps, asked.id),
    wantedTokens: prompt.maxTokens ?? 0,
    ifInterrupted: {
      kind: 'chat',
      soFar: () => ({ modelId, tokens: count(null, null), firstTokenMs }),
    },
  })

  return {
    prompt: { ...prompt, maxTokens: reservation.grantedTokens },
    answeredBy(other) {
      modelId = models.find(({ ref }) => ref === other)?.id ?? modelId
    },
    hear(events) {
      for (const event of events) {
        if (event.type === 'usage') reported = event.usage
        if (event.type !== 'delta' && event.type !== 'reasoning') continue
        firstTokenMs ??= performance.now() - startedAt
        completionTokens += estimateTokens(event.text)
      }
    },
    end(outcome, error) {
      if (isOver) return
      isOver = true
      const failure = error === undefined ? null : (findAppError(error) ?? unknownFailure)
      void settleUsage(deps, reservation, {
        kind: 'chat',
        modelId,
        tokens: count(reported, failure),
        images: 0,
        firstTokenMs,
        durationMs: performance.now() - startedAt,
        outcome: failure === null ? outcome : 'failed',
        errorCode: failure?.code ?? null,
      })
    },
  }

  function count(usage: TokenUsage | null, failure: AppError | null): CountedTokens {
    const estimated = { promptTokens, completionTokens }
    return countTokens(deps, { modelId, reported: usage, estimated, firstTokenMs, failure })
  }
}

const unknownFailure = new AppError('internal', 'Something went wrong')

/** The id under which a model is offered, and what it costs. */
function pricedModel(deps: Deps, asked: ModelRef): PricedModel {
  const { provider, model } = asked
  const models = listModels(deps).filter(({ ref }) => ref.provider === provider)
  const found = models.find(({ ref }) => ref.model === model) ?? models.find(({ ref }) => ref.model === '')
  const id = found?.id ?? (model === '' ? provider : `${provider}/${model}`)
  return { ref: asked, id, prices: found?.prices ?? null }
}
