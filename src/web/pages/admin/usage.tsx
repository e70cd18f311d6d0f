import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber, formatShare } from '../../format.ts'
import { modelName } from '../../models.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Field, Select } from '../../ui/field.tsx'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { Latencies } from './latencies.tsx'
import { Part } from './part.tsx'
import { fetchUsage, type UsageRow, type UsageWish } from './usage-by.ts'

const groups = ['user', 'model', 'provider', 'key'] as const
const mostTokens: Sort = { key: 'tokens', direction: 'desc' }

/** What everybody has used, by whom or of what. */
export function Usage() {
  const t = adminTexts.value
  const wish = useSignal<UsageWish>({ by: 'user', from: '', to: '', isWhole: false })
  const { value } = wish
  const change = (changes: Partial<UsageWish>) => {
    wish.value = { ...wish.value, ...changes }
  }

  return (
    <Part title={t.names.usage} hint={t.usageHint}>
      <search class="admin-filters" aria-label={t.filterUsage}>
        <Select
          label={t.usageBy}
          value={value.by}
          options={groups.map((name) => ({ value: name, label: t.usageGroups[name] }))}
          onChange={(by) => change({ by })}
        />
        <Field
          label={t.fromDay}
          type="date"
          disabled={value.isWhole}
          value={value.from}
          onInput={(event) => change({ from: event.currentTarget.value })}
        />
        <Field
          label={t.toDay}
          type="date"
          disabled={value.isWhole}
          value={value.to}
          onInput={(event) => change({ to: event.currentTarget.value })}
        />
        <button
          type="button"
          class="chip"
          aria-pressed={value.isWhole}
          onClick={() => change({ from: '', to: '', isWhole: !value.isWhole })}
        >
          {t.inAll}
        </button>
      </search>
      <Table
        label={t.names.usage}
        columns={columns(value.by)}
        keyOf={({ key }) => key}
        sort={mostTokens}
        fetchPage={({ sort }) => fetchUsage(value, sort?.key)}
        wish={JSON.stringify(value)}
        empty={t.noUsage}
      />
      <Latencies />
    </Part>
  )
}

const mostFirst = ['desc'] as const

function columns(by: UsageWish['by']): Column<UsageRow>[] {
  const t = adminTexts.value
  // The others come with the most tokens first, and in no other order.
  const directions = by === 'user' || by === 'key' ? mostFirst : []
  return [
    {
      key: 'name',
      head: t.usageGroups[by],
      cell: ({ name }) => (name === null ? t.nameless[by] : by === 'model' ? modelName(name) : name),
    },
    {
      key: 'calls',
      head: t.measures.calls,
      isNumber: true,
      directions,
      cell: ({ calls }) => formatNumber(calls),
    },
    {
      key: 'failed',
      head: t.failedShare,
      isNumber: true,
      cell: ({ error_rate }) => (error_rate === null ? '–' : formatShare(error_rate)),
    },
    {
      key: 'tokens',
      head: t.measures.tokens,
      isNumber: true,
      directions,
      cell: ({ total_tokens }) => formatNumber(total_tokens),
    },
    {
      key: 'cost',
      head: t.measures.cost,
      isNumber: true,
      directions,
      cell: ({ cost_micros }) => formatMoney(cost_micros / 1_000_000, currencyOf()),
    },
  ]
}
