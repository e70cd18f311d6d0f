import { currencyOf } from '../../currency.ts'
import { formatMoment, formatMoney, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import { usageTexts } from '../../texts/usage.ts'
import { type Column, Rows } from '../../ui/rows.tsx'
import type { PersonQuota } from './admin-api.ts'

type Window = PersonQuota['windows'][number]

/** What somebody has used of each limit, also of those that there are not. */
export function UsedWindows({ quota: { plan, windows } }: { quota: PersonQuota }) {
  const t = adminTexts.value.limits
  return (
    <>
      <p>{t.planOf(plan)}</p>
      <section class="table-frame" aria-label={t.used}>
        <Rows columns={columns()} keyOf={({ unit, period }) => `${unit} ${period}`} rows={windows} />
      </section>
    </>
  )
}

function columns(): Column<Window>[] {
  const t = adminTexts.value.limits
  return [
    {
      key: 'window',
      head: t.limit,
      cell: ({ unit, period }) => usageTexts.value.windows[`${unit}_${period}`],
    },
    { key: 'used', head: t.used, isNumber: true, cell: usedOf },
    { key: 'resets', head: t.resets, cell: ({ resets_at }) => formatMoment(resets_at) },
  ]
}

function usedOf({ unit, used, limit, left }: Window) {
  const t = usageTexts.value
  const show = (value: number) =>
    unit === 'cost' ? formatMoney(value / 1_000_000, currencyOf()) : formatNumber(value)
  if (limit === null) return show(used)
  const words = t.usedOf(show(used), show(limit))
  return left === 0 ? <span class="admin-state bad">{words}</span> : words
}
