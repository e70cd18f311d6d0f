import { formatMoment, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import type { Column, Sort } from '../../ui/table.tsx'
import { FilterSelect, Filters, FindField } from './filters.tsx'
import type { HandedOutFilter, HandedOutState } from './lists-api.ts'
import { type HandedOut, Validity } from './validity.tsx'

interface Listed extends HandedOut {
  note: string | null
  created_at: string
}

/** What there is to be seen of whatever is handed out to be used so many times. */
export function handedOutColumns<Row extends Listed>(): Column<Row>[] {
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

export const newestFirst: Sort = { key: 'created', direction: 'desc' }

/** What it is narrowed down by. */
export function HandedOutFilters<State extends HandedOutState>(props: {
  list: string
  filter: HandedOutFilter<State>
  /** In which it may be. */
  states: readonly State[]
  change: (changes: Partial<HandedOutFilter<State>>) => void
}) {
  const t = adminTexts.value
  const { list, filter, states, change } = props
  const names = {
    open: t.states.open,
    used_up: t.states.usedUp,
    expired: t.lists.expired,
    withdrawn: t.lists.withdrawn,
  }
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
        options={states.map((value) => ({ value, label: names[value] }))}
        onChange={(state) => change({ state })}
      />
    </Filters>
  )
}
