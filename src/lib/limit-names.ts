/** Units of a limit on usage, and the period after which it begins anew. */
export const limitNames = [
  'requests_day',
  'tokens_day',
  'cost_day',
  'requests_month',
  'tokens_month',
  'cost_month',
] as const

export type LimitName = (typeof limitNames)[number]
