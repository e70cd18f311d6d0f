import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { billFor, type PricedModel } from '../models/bill-for.ts'
import type { CountedTokens } from './count-tokens.ts'

/** A call that has ended, in whatever way. */
export interface EndedCall extends Pick<LedgerRow, 'kind' | 'outcome'> {
  id: string
  /** null: a visitor without an account. */
  userId: number | null
  /** null: no API key has asked. */
  keyId: string | null
  /** null: it was made for no turn. */
  turnId: string | null
  /** Those that might have answered, as they were offered when it was let in. */
  models: readonly PricedModel[]
  /** Of the one that has. */
  modelId: string
  tokens: CountedTokens
  images: number
  /** null: there was no word. */
  firstTokenMs: number | null
  durationMs: number
  /** Why it failed. */
  errorCode: string | null
  /** Where it is not a matter of tokens; undefined: by the model's prices. */
  costMicros?: number | null
}

/** Its row in the ledger. */
export function toLedgerRow({ now }: Pick<Deps, 'now'>, call: EndedCall): LedgerRow {
  const { tokens, modelId, firstTokenMs } = call
  const { provider, costMicros } = billFor(call.models, modelId, tokens)
  return {
    id: call.id,
    user_id: call.userId,
    key_id: call.keyId,
    kind: call.kind,
    turn_id: call.turnId,
    model: modelId,
    provider,
    prompt_tokens: tokens.promptTokens,
    cached_tokens: tokens.cachedTokens,
    completion_tokens: tokens.completionTokens,
    reasoning_tokens: tokens.reasoningTokens,
    images: call.images,
    is_estimated: tokens.isEstimated,
    cost_micros: call.costMicros === undefined ? costMicros : call.costMicros,
    time_to_first_token_ms: firstTokenMs === null ? null : Math.round(firstTokenMs),
    duration_ms: Math.round(call.durationMs),
    outcome: call.outcome,
    error_code: call.errorCode,
    created_at: now().toISOString(),
  }
}

export type AsideUsage = CountedTokens & Pick<EndedCall, 'models' | 'modelId'>

/** What the service itself wanted to know from a model, for somebody. It counts as tokens, and is nobody's request. */
export interface AsideCall {
  kind: 'title' | 'summary'
  userId: number
  /** null: it was made for no turn. */
  turnId: string | null
  usage: AsideUsage
  durationMs: number
  /** It came to nothing, and cost all the same. */
  isUseless: boolean
}

export function asideRow(deps: Pick<Deps, 'now'>, call: AsideCall): LedgerRow {
  return toLedgerRow(deps, {
    ...call,
    id: createId(),
    keyId: null,
    models: call.usage.models,
    modelId: call.usage.modelId,
    tokens: call.usage,
    images: 0,
    firstTokenMs: null,
    outcome: call.isUseless ? 'failed' : 'complete',
    errorCode: null,
  })
}
