import { currencyOf } from '../currency.ts'
import { formatMoment, formatMoney, formatNumber } from '../format.ts'
import { usageTexts } from '../texts/usage.ts'
import { ProgressBar } from '../ui/progress.tsx'
import type { QuotaWindow } from '../usage-api.ts'

/** How much of each limit is used, and when it begins anew. Where nothing is limited, that is said. */
export function QuotaBars({ windows }: { windows: readonly QuotaWindow[] }) {
  const limited = windows.filter(({ limit }) => limit !== null)
  if (limited.length === 0) return <p class="hint">{usageTexts.value.unlimited}</p>
  return (
    <ul class="quota">
      {limited.map((window) => (
        <li key={`${window.unit} ${window.period}`}>
          <QuotaBar window={window} limit={window.limit ?? 0} />
        </li>
      ))}
    </ul>
  )
}

function QuotaBar({
  window: { unit, period, used, left, resets_at },
  limit,
}: {
  window: QuotaWindow
  limit: number
}) {
  const t = usageTexts.value
  const label = t.windows[`${unit}_${period}`]
  const show = (value: number) =>
    unit === 'cost' ? formatMoney(value / 1_000_000, currencyOf()) : formatNumber(value)
  return (
    <div class={left === 0 ? 'quota-bar full' : 'quota-bar'}>
      <div class="quota-words">
        <span>{label}</span>
        <span class="number">
          {t.usedOf(show(used), show(limit))}
          {left === 0 && ` · ${t.usedUp}`}
        </span>
      </div>
      <ProgressBar label={label} value={used} max={limit} />
      <small class="hint">{t.resets(formatMoment(resets_at))}</small>
    </div>
  )
}
