import { formatMoment, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import type { Column, Sort } from '../../ui/table.tsx'
import { FilterSelect, Filters, FindField } from './filters.tsx'
import type { HandedOutFilter } from './lists-api.ts'
import { Validity } from './validity.tsx'

interface HandedOut {
  note: string | null
  uses: number
  max_uses: number
  expires_at: string | null
  created_at: string
}

/** What there is to be seen of whatever is handed out to be used so many times. */
export function handedOutColumns<Row extends HandedOut>(): Column<Row>[] {
  const t = adminTexts.value
  return [
    { key: 'note', head: t.note, directions: ['asc', 'desc'], cell: ({ note }) => note ?? '–' },
    {
      key: 'uses',
      head: t.uses,
      isNumber: true,
      directions: ['desc', 'asc'],
      cell: ({ uses, max_uses }) => t.usesOf(formatNumber(uses), formatNumber(max_uses)),
    },
    { key: 'status', head: t.status, cell: (one) => <Validity of={one} /> },
    {
      key: 'created',
      head: t.madeAt,
      directions: ['desc', 'asc'],
      cell: ({ created_at }) => formatMoment(created_at),
    },
  ]
}

export const allHandedOut: HandedOutFilter = { search: '', state: '' }
export const newestFirst: Sort = { key: 'created', direction: 'desc' }

/** What it is narrowed down by. */
export function HandedOutFilters(props: {
  list: string
  filter: HandedOutFilter
  change: (changes: Partial<HandedOutFilter>) => void
}) {
  const t = adminTexts.value
  const { list, filter, change } = props
  return (
    <Filters list={list}>
      <FindField
        hint={t.lists.findHandedOut}
        value={filter.search}
        onChange={(search) => change({ search })}
      />
      <FilterSelect
        label={t.status}
        value={filter.state}
        options={[
          { value: 'open', label: t.states.open },
          { value: 'used_up', label: t.states.usedUp },
          { value: 'expired', label: t.lists.expired },
        ]}
        onChange={(state) => change({ state })}
      />
    </Filters>
  )
}
