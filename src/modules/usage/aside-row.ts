import type { LedgerRow } from '../../db/ledger.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { billFor } from '../models/bill-for.ts'
import type { CountedTokens } from './counted-tokens.ts'

/** What the service itself wanted to know from a model, for somebody. */
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

/** Its row in the ledger. It counts as tokens, and is nobody's request. */
export function asideRow(deps: Pick<Deps, 'llm' | 'now'>, call: AsideCall): LedgerRow {
  const { usage, modelId } = call
  const { provider, costMicros } = billFor(deps, modelId, usage)
  return {
    id: createId(),
    user_id: call.userId,
    key_id: null,
    kind: call.kind,
    turn_id: call.turnId,
    model: modelId,
    provider,
    prompt_tokens: usage.promptTokens,
    cached_tokens: usage.cachedTokens,
    completion_tokens: usage.completionTokens,
    reasoning_tokens: usage.reasoningTokens,
    images: 0,
    is_estimated: usage.isEstimated,
    cost_micros: costMicros,
    time_to_first_token_ms: null,
    duration_ms: Math.round(call.durationMs),
    outcome: call.isUseless ? 'failed' : 'complete',
    error_code: null,
    created_at: deps.now().toISOString(),
  }
}
