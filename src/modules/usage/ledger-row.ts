import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { billFor } from '../models/bill-for.ts'
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
  /** Of the model that has answered. */
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
export function toLedgerRow(deps: Pick<Deps, 'llm' | 'offerMemory' | 'now'>, call: EndedCall): LedgerRow {
  const { tokens, modelId, firstTokenMs } = call
  const { provider, costMicros } = billFor(deps, modelId, tokens)
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
    created_at: deps.now().toISOString(),
  }
}

/** What the service itself wanted to know from a model, for somebody. It counts as tokens, and is nobody's request. */
export interface AsideCall {
  kind: 'title' | 'summary'
  userId: number
  /** null: it was made for no turn. */
  turnId: string | null
  modelId: string
  usage: CountedTokens
  durationMs: number
  /** It came to nothing, and cost all the same. */
  isUseless: boolean
}

export function asideRow(deps: Pick<Deps, 'llm' | 'offerMemory' | 'now'>, call: AsideCall): LedgerRow {
  return toLedgerRow(deps, {
    ...call,
    id: createId(),
    keyId: null,
    tokens: call.usage,
    images: 0,
    firstTokenMs: null,
    outcome: call.isUseless ? 'failed' : 'complete',
    errorCode: null,
  })
}
