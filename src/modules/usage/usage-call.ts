import type { UsageCall } from '../../db/usage-reserve.ts'
import type { UsageLimits } from '../../db/usage-tables.ts'
import type { Deps } from '../../deps.ts'
import type { Prices } from '../../llm/llm.ts'

/** A call for which room is to be held. */
export interface CallWish {
  /** Of the turn, or of the row that the ledger will have. */
  id: string
  /** The API key that asks, and the limits of its own. */
  key: { id: string; limits: UsageLimits } | null
  prices: Prices | null
  /** Our estimate. */
  promptTokens: number
  /** The longest answer that is wanted. */
  wantedTokens: number
  /** What it costs beside its words, in millionths of the currency; undefined: nothing. */
  fixedMicros?: number
}

/** The same as the database is to hear it. */
export function usageCall({ config, now }: Pick<Deps, 'config' | 'now'>, wish: CallWish): UsageCall {
  const { id, key, prices, promptTokens, wantedTokens, fixedMicros = 0 } = wish
  return {
    id,
    keyId: key?.id ?? null,
    ownLimits: key?.limits ?? null,
    defaultPlan: config.auth.defaultPlan,
    timezone: config.usage.timezone,
    at: now(),
    promptTokens,
    wantedTokens,
    fixedMicros,
    prices: prices && { input: prices.input, output: Math.max(prices.output, prices.reasoning ?? 0) },
  }
}
