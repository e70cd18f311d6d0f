import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Refusal } from '../api.ts'
import { words } from '../texts/words.ts'
import { texts } from '../texts.ts'
import { Button } from './button.tsx'
import { Empty } from './empty.tsx'
import { Spinner } from './progress.tsx'
import { type Column, type RowActions, Rows, type Sort } from './rows.tsx'
import { SortSelect } from './sort-select.tsx'

export type { Column, Sort } from './rows.tsx'

export interface TablePage<Row> {
  items: Row[]
  next_cursor: string | null
}

/**
 * Rows that the server filters, sorts and pages; one page more when it is asked for. `fetchPage` is called anew
 * whenever `wish` (the filters, as text) or the sorting changes.
 */
export function Table<Row>(props: {
  /** Accessible name. */
  label: string
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
  fetchPage: (place: { cursor: string | null; sort: Sort | null }) => Promise<TablePage<Row>>
  wish?: string
  /** How it is sorted before anybody has said so. */
  sort?: Sort
  empty: string
  /** What can be done with a row: buttons or a menu. */
  actions?: RowActions<Row>
}) {
  const rows = useSignal<Row[]>([])
  const cursor = useSignal<string | null>(null)
  const sort = useSignal<Sort | null>(props.sort ?? null)
  const state = useSignal<'reading' | 'read' | 'failed'>('reading')
  const fault = useSignal('')
  const readings = useRef(0)

  const read = async (from: string | null) => {
    const reading = ++readings.current
    state.value = 'reading'
    try {
      const page = await props.fetchPage({ cursor: from, sort: sort.value })
      if (reading !== readings.current) return
      rows.value = from === null ? page.items : [...rows.value, ...page.items]
      cursor.value = page.next_cursor
      state.value = 'read'
    } catch (error) {
      if (reading !== readings.current) return
      fault.value = texts.value[error instanceof Refusal ? error.text : 'failed']
      state.value = 'failed'
    }
  }
  useEffect(() => void read(null), [props.wish, sort.value])
  const onSort = (next: Sort) => {
    sort.value = next
  }

  const t = words.value
  const isEmpty = rows.value.length === 0
  return (
    <section class="table-frame" aria-label={props.label} aria-busy={state.value === 'reading'}>
      {!isEmpty && (
        <>
          <SortSelect columns={props.columns} sort={sort.value} onSort={onSort} />
          <Rows {...props} rows={rows.value} sort={sort.value} onSort={onSort} />
        </>
      )}
      {state.value === 'failed' && (
        <p class="refusal" role="alert">
          {fault.value}{' '}
          <Button small onClick={() => void read(isEmpty ? null : cursor.value)}>
            {texts.value.tryAgain}
          </Button>
        </p>
      )}
      {state.value === 'reading' && <Spinner />}
      {state.value === 'read' && isEmpty && <Empty text={props.empty} />}
      {state.value === 'read' && cursor.value !== null && (
        <Button onClick={() => void read(cursor.value)}>{t.more}</Button>
      )}
    </section>
  )
}
