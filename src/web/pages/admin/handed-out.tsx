import { formatMoment, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import type { Column } from '../../ui/table.tsx'
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
    { key: 'note', head: t.note, cell: ({ note }) => note ?? '–' },
    {
      key: 'uses',
      head: t.uses,
      isNumber: true,
      cell: ({ uses, max_uses }) => t.usesOf(formatNumber(uses), formatNumber(max_uses)),
    },
    { key: 'status', head: t.status, cell: (one) => <Validity of={one} /> },
    { key: 'made', head: t.madeAt, cell: ({ created_at }) => formatMoment(created_at) },
  ]
}
