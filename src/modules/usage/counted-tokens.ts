import type { UsedTokens } from '../models/cost-of.ts'

/** What a call has used, by the provider's count or by our estimate. */
export type CountedTokens = Required<UsedTokens> & { isEstimated: boolean }
