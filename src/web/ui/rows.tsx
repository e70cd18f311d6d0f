import type { ComponentChildren } from 'preact'
import { words } from '../texts/words.ts'

export interface Column<Row> {
  key: string
  head: string
  cell: (row: Row) => ComponentChildren
  /** Stands to the right, its digits below one another. */
  isNumber?: boolean
  /** In which directions the server can sort by it, the usual one first; absent: in none. */
  directions?: readonly Direction[]
}

export type Direction = 'asc' | 'desc'

export interface Sort {
  key: string
  direction: Direction
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
  const { key, head, isNumber, directions = [] } = props.column
  const kind = isNumber ? 'number' : undefined
  const current = props.sort?.key === key ? props.sort.direction : null
  const next = directions.find((direction) => direction !== current) ?? directions[0]
  if (next === undefined || props.onSort === undefined) {
    return (
      <th scope="col" class={kind}>
        {head}
      </th>
    )
  }
  return (
    <th scope="col" class={kind} aria-sort={current === null ? 'none' : ariaSort[current]}>
      <button type="button" class="sort" onClick={() => props.onSort?.({ key, direction: next })}>
        {head} <span aria-hidden="true">{current === null ? '↕' : arrows[current]}</span>
      </button>
    </th>
  )
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const

export const arrows = { asc: '↑', desc: '↓' }
