import { currencyOf } from '../../currency.ts'
import { formatMoney, formatNumber, formatShare } from '../../format.ts'
import { modelName } from '../../models.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Field, Select } from '../../ui/field.tsx'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { Filters, ProviderFilter, useFilter } from './filters.tsx'
import { Latencies } from './latencies.tsx'
import { Part } from './part.tsx'
import { fetchUsage, type UsageRow, type UsageWish } from './usage-by.ts'

const groups = ['user', 'model', 'provider', 'key'] as const
const ofEverybody: UsageWish = { by: 'user', from: '', to: '', provider: '', isWhole: false }
const mostTokens: Sort = { key: 'tokens', direction: 'desc' }

/** What everybody has used, by whom or of what. */
export function Usage() {
  const t = adminTexts.value
  const { filter: value, change, wish } = useFilter(ofEverybody)

  return (
    <Part title={t.names.usage} hint={t.usageHint}>
      <Filters list={t.names.usage}>
        <Select
          label={t.usageBy}
          value={value.by}
          options={groups.map((name) => ({ value: name, label: t.usageGroups[name] }))}
          onChange={(by) => change({ by })}
        />
        <ProviderFilter value={value.provider} onChange={(provider) => change({ provider })} />
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
      </Filters>
      <Table
        label={t.names.usage}
        columns={columns(value.by)}
        keyOf={({ key }) => key}
        sort={mostTokens}
        fetchPage={(place) => fetchUsage(value, place)}
        wish={wish}
        empty={t.noUsage}
      />
      <Latencies />
    </Part>
  )
}

const mostFirst = ['desc'] as const

function columns(by: UsageWish['by']): Column<UsageRow>[] {
  const t = adminTexts.value
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
      directions: mostFirst,
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
      directions: mostFirst,
      cell: ({ total_tokens }) => formatNumber(total_tokens),
    },
    {
      key: 'cost',
      head: t.measures.cost,
      isNumber: true,
      directions: mostFirst,
      cell: ({ cost_micros }) => formatMoney(cost_micros / 1_000_000, currencyOf()),
    },
  ]
}
