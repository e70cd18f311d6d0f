import type { Deps } from '../../deps.ts'
import { findAppError } from '../../errors.ts'
import type { ModelRef, RelayEnd, RelayedAnswer, RelayPath } from '../../llm/llm.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { mostOf } from '../../modules/images/within-quota.ts'
import { highestPrices } from '../../modules/models/highest-prices.ts'
import { longestWish } from '../../modules/models/longest-wish.ts'
import { factorOf } from '../../modules/models/token-factors.ts'
import type { CallSoFar } from '../../modules/usage/calls-under-way.ts'
import { type CountedTokens, countTokens, type Heard } from '../../modules/usage/count-tokens.ts'
import { cutLengthFor } from '../../modules/usage/cut-length.ts'
import { releaseUsage, reserveUsage, settleUsage } from '../../modules/usage/reserve-usage.ts'
import { countOf, wantedTokens } from './check-question.ts'
import type { PickedModel } from './pick-model.ts'
import { estimateQuestion, isPlain } from './question-texts.ts'

/** A question that is being passed on, and that somebody's plan pays for. */
export interface OpenCall {
  /** Where tokens or money limit the answer; null: nothing does. */
  length: GrantedLength | null
  /** Its first bytes are there, be they only comments. */
  answered(answer: RelayedAnswer): void
  /** Another call takes its place: it is in no ledger. */
  withdraw(): Promise<void>
  /** Enters into the ledger what came of it, once; nobody need wait. */
  end(end: CallEnd): void
}

export interface GrantedLength {
  /** For each answer; what its model is told. */
  each: number
  /** After which all of them together are cut, by our count. */
  cut: number
}

export interface CallEnd {
  outcome: 'complete' | 'stopped' | 'interrupted'
  /** null: it did not fail. */
  failure: unknown
  /** Who has answered, and what was handed on of it; null: nobody has. */
  answer: (RelayEnd & { model: ModelRef }) | null
}

interface Wish {
  path: RelayPath
  fields: Record<string, unknown>
  /** The one that is asked, then those that stand in for it. */
  models: [PickedModel, ...PickedModel[]]
  /** By `performance.now()`. */
  startedAt: number
}

const kinds = {
  '/chat/completions': 'call',
  '/responses': 'response',
  '/embeddings': 'embedding',
  '/images/generations': 'image',
} as const

/** Holds room for a question. Throws `quota_exceeded`, and `invalid_request` for a longer answer than the model gives. */
export async function openCall(deps: Deps, { user, key }: Caller, wish: Wish): Promise<OpenCall> {
  const { path, fields, models, startedAt } = wish
  const [model] = models
  const promptTokens = estimateQuestion(fields)
  const count = countOf(fields)
  const wanted = isOfWords(path) ? (wantedTokens(fields, longestWish(model)) ?? model.maxOutputTokens) : 0
  const images = path === '/images/generations' ? count : 0
  let relayed: RelayedAnswer | null = null
  let isOver = false
  const reservation = await reserveUsage(deps, {
    userId: user.id,
    key,
    models,
    prices: highestPrices(models.filter(({ pictureMicros }) => images === 0 || pictureMicros == null)),
    promptTokens: promptTokens * factorOf(deps, model.id),
    wantedTokens: wanted * count,
    ...(images > 0 && { fixedMicros: mostOf(models, images) }),
    ifInterrupted: { kind: kinds[path], soFar },
    isOneOfMany: true,
  })
  const isForLearning = path === '/chat/completions' && isPlain(fields)

  return {
    length:
      reservation.isLimited && wanted > 0
        ? {
            each: Math.max(Math.floor(reservation.grantedTokens / count), 1),
            cut: cutLengthFor(reservation.grantedTokens),
          }
        : null,
    answered(answer) {
      relayed = answer
    },
    async withdraw() {
      isOver = true
      await releaseUsage(deps, reservation).catch(() => undefined) // it counts no more after fifteen minutes
    },
    end({ outcome, failure: thrown, answer }) {
      if (isOver) return
      isOver = true
      const failure = findAppError(thrown)
      const answering = answeringOf(answer)
      const modelId = answering.id
      const durationMs = performance.now() - startedAt
      const firstTokenMs = untilFirstToken()
      const estimated = { promptTokens, completionTokens: answer?.deliveredTokens ?? 0 }
      const heard = { modelId, reported: answer?.usage ?? null, estimated, firstTokenMs, failure }
      const tokens = isForLearning ? countTokens(deps, heard) : countWithoutLearning(deps, heard)
      const ended = { outcome: failure === null ? outcome : ('failed' as const), firstTokenMs, durationMs }
      void settleUsage(deps, reservation, {
        ...ended,
        kind: kinds[path],
        modelId,
        tokens,
        ...drawnBy(answering, picturesOf(ended.outcome, images, answer?.pictures ?? null)),
        errorCode: failure?.code ?? null,
      })
      tellMetrics(deps, ended, tokens)
    },
  }

  function untilFirstToken(): number | null {
    const beganAt = relayed?.beganAt() ?? null
    return beganAt === null ? null : beganAt - startedAt
  }

  function soFar(): CallSoFar {
    const { id: modelId } = answeringOf(relayed)
    const firstTokenMs = untilFirstToken()
    const estimated = { promptTokens, completionTokens: relayed?.tokensSoFar() ?? 0 }
    const heard = { modelId, reported: null, estimated, firstTokenMs, failure: null }
    return { modelId, tokens: countTokens(deps, heard), firstTokenMs }
  }

  function answeringOf(answer: { model: ModelRef } | null): PickedModel {
    return models.find(({ ref }) => isSame(ref, answer?.model)) ?? model
  }
}

/** What has come; of an order that nobody waited for, or that cannot be read, what was asked for. */
function picturesOf(outcome: CallEnd['outcome'] | 'failed', asked: number, come: number | null): number {
  if (asked === 0) return 0
  if (outcome === 'failed') return come ?? 0
  return outcome === 'complete' ? (come ?? asked) : asked
}

/** So many pictures, at their price if there is one: then their tokens cost nothing beside it. */
function drawnBy({ pictureMicros = null }: PickedModel, images: number) {
  return pictureMicros === null ? { images } : { images, costMicros: images * pictureMicros }
}

/** Pictures among the words, or tools: what they are counted as says nothing about words. */
function countWithoutLearning(deps: Deps, heard: Heard): CountedTokens {
  if (heard.reported === null) return countTokens(deps, heard)
  const { promptTokens, completionTokens, cachedTokens = 0, reasoningTokens = 0 } = heard.reported
  return { promptTokens, completionTokens, cachedTokens, reasoningTokens, isEstimated: false }
}

function tellMetrics(
  { metrics }: Deps,
  {
    outcome,
    firstTokenMs,
    durationMs,
  }: { outcome: CallEnd['outcome'] | 'failed'; firstTokenMs: number | null; durationMs: number },
  { promptTokens, completionTokens }: CountedTokens,
): void {
  metrics.turnEnded({
    outcome,
    promptTokens,
    completionTokens,
    durationSeconds: durationMs / 1000,
    timeToFirstTokenSeconds: firstTokenMs === null ? null : firstTokenMs / 1000,
  })
}

function isOfWords(path: RelayPath): boolean {
  return path === '/chat/completions' || path === '/responses'
}

function isSame(a: ModelRef, b: ModelRef | undefined): boolean {
  return a.provider === b?.provider && a.model === b.model
}
