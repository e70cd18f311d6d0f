import { formatChange, formatNumber, formatSum } from '../../format.ts'
import { dashboardTexts } from '../../texts/dashboard.ts'
import type { UsageSums } from '../../usage-api.ts'

export const metrics = ['tokens', 'calls', 'cost'] as const
/** What a chart shows. */
export type Metric = (typeof metrics)[number]

/** `cost` in millionths of the currency. */
export function amountOf(
  metric: Metric,
  sums: Pick<UsageSums, 'total_tokens' | 'calls' | 'cost_micros'>,
): number {
  return { tokens: sums.total_tokens, calls: sums.calls, cost: sums.cost_micros }[metric]
}

export function formatAmount(metric: Metric, value: number, currency: string): string {
  return metric === 'cost' ? formatSum(value / 1_000_000, currency) : formatNumber(value)
}

/** How much more or less it is than the time before; `share` null: there was nothing. */
export function changeInWords(now: number, share: number | null): string | null {
  const t = dashboardTexts.value
  if (share === null) return now === 0 ? null : t.noneBefore
  return Math.abs(share) < 0.005 ? t.sameAsBefore : t.change(formatChange(share))
}
