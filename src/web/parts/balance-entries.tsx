import { formatMicros, formatMoment } from '../format.ts'
import { usageTexts } from '../texts/usage.ts'
import { Table } from '../ui/table.tsx'
import type { BalanceEntry, fetchBalanceEntries } from '../usage-api.ts'

/** Why a balance is what it is. */
export function BalanceEntries(props: {
  currency: string
  fetchPage: typeof fetchBalanceEntries
  /** Read anew whenever it changes. */
  wish?: string
}) {
  const t = usageTexts.value
  return (
    <>
      <h3>{t.entries}</h3>
      <Table<BalanceEntry>
        label={t.entries}
        {...(props.wish === undefined ? {} : { wish: props.wish })}
        columns={columnsOf(props.currency)}
        keyOf={({ id }) => id}
        fetchPage={({ cursor }) => props.fetchPage(cursor)}
        empty={t.noEntries}
      />
    </>
  )
}

function columnsOf(currency: string) {
  const t = usageTexts.value
  return [
    { key: 'time', head: t.time, cell: (entry: BalanceEntry) => formatMoment(entry.created_at) },
    { key: 'reason', head: t.reason, cell: (entry: BalanceEntry) => t.reasons[entry.reason] },
    {
      key: 'sum',
      head: t.sum,
      isNumber: true,
      cell: ({ micros }: BalanceEntry) => formatMicros(micros, currency),
    },
  ]
}
