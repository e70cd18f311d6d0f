import type { ComponentChildren } from 'preact'
import { words } from '../texts/words.ts'

export interface Column<Row> {
  key: string
  head: string
  cell: (row: Row) => ComponentChildren
  /** Stands to the right, its digits below one another. */
  isNumber?: boolean
  /** The server can sort by it. */
  isSortable?: boolean
}

export interface Sort {
  key: string
  isDescending: boolean
}

/** What can be done with a row: buttons or a menu. */
export type RowActions<Row> = (row: Row) => ComponentChildren

/** A table of what is there; on a phone each row is a card. */
export function Rows<Row>(props: {
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
  rows: readonly Row[]
  actions?: RowActions<Row>
  sort?: Sort | null
  onSort?: (sort: Sort) => void
}) {
  const { columns, keyOf, rows, actions, sort = null, onSort } = props
  return (
    <table class="data-table">
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.key} column={column} sort={sort} onSort={onSort} />
          ))}
          {actions && (
            <th>
              <span class="visually-hidden">{words.value.actions}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, cell, isNumber, head }) => (
              <td key={key} data-head={head} class={isNumber ? 'number' : undefined}>
                {cell(row)}
              </td>
            ))}
            {actions && <td class="row-actions">{actions(row)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Head<Row>(props: {
  column: Column<Row>
  sort: Sort | null
  onSort: ((sort: Sort) => void) | undefined
}) {
  const { key, head, isNumber, isSortable } = props.column
  const kind = isNumber ? 'number' : undefined
  if (!isSortable) {
    return (
      <th scope="col" class={kind}>
        {head}
      </th>
    )
  }
  const isCurrent = props.sort?.key === key
  const isDescending = isCurrent && props.sort?.isDescending === true
  return (
    <th scope="col" class={kind} aria-sort={isCurrent ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() => props.onSort?.({ key, isDescending: isCurrent ? !isDescending : true })}
      >
        {head} <span aria-hidden="true">{isCurrent ? (isDescending ? '↓' : '↑') : '↕'}</span>
      </button>
    </th>
  )
}
