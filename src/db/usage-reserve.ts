import { type SQL, sql } from 'drizzle-orm'
import type { UsageLimits } from './usage-tables.ts'

/** What room is to be held for, before a model is asked. */
export interface UsageCall {
  /** Of the turn, or of the row that the ledger will have. */
  id: string
  /** The API key that asks; null: none. */
  keyId: string | null
  /** The key's, or where there is no person those of all visitors together; null: none. */
  ownLimits: UsageLimits | null
  defaultPlan: string
  timezone: string
  at: Date
  promptTokens: number
  /** The longest answer that is wanted. */
  wantedTokens: number
  prices: HeldPrices | null
  /** What it costs beside its words, in millionths of the currency; 0: nothing. */
  fixedMicros: number
}

/** In millionths of the currency, for a million tokens. */
export interface HeldPrices {
  input: number
  output: number
}

/** Which limit leaves no room. */
export interface UsageRefusal {
  unit: 'requests' | 'tokens' | 'cost'
  period: 'day' | 'month'
  limit: number
  used: number
  /** It is not used up, but what is under way may use it up. */
  is_held: boolean
  resets_at: string
  /** It is the API key's own. */
  of_key?: boolean
}

/** A row of `usageReserve`. */
export interface UsageGrant {
  /** The longest answer that there is room for, which is held now. */
  granted: number
  /** Beside that; null: any number, for neither tokens nor money limit the answer. */
  left: number | null
  refusal: UsageRefusal | null
}

/**
 * For the `from` of a statement: holds room for the call, and is a row with the columns of `UsageGrant`. Where the
 * statement fails nothing is held. `personId`: null for visitors.
 */
export function usageReserve(call: UsageCall, personId: SQL): SQL {
  const { id, keyId, ownLimits, defaultPlan, timezone, at, promptTokens, wantedTokens, prices, fixedMicros } =
    call
  const limits = ownLimits === null ? null : JSON.stringify(ownLimits)
  return sql`(select granted::float8 as granted, tokens_left::float8 as "left", refusal
    from usage_reserve(${id}::uuid, ${personId}::bigint, ${keyId}::uuid, ${limits}::text::jsonb, ${defaultPlan}::text,
      ${timezone}::text, ${at.toISOString()}::timestamptz, ${Math.ceil(promptTokens)}::bigint, ${wantedTokens}::bigint,
      ${prices?.input ?? null}::bigint, ${prices?.output ?? null}::bigint,
      ${fixedMicros}::bigint))`
}
