import { AppError } from '../errors.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** In which order a list comes. */
export interface Order<By extends string = string> {
  by: By
  isDescending: boolean
}

/** Where a page has ended: what its last row was sorted by, as text, and which one it is. */
export interface Position {
  at: string
  id: string
}

/** Which page of a list is wanted, and in which order. `Limit` with null: all of it, if nothing else is said. */
export interface PageWish<By extends string, Limit extends number | null = number> {
  order: Order<By>
  cursor: string | null
  limit: Limit
}

export interface SortedPage<Row> {
  items: Row[]
  nextCursor: string | null
}

/** From one row more than the page has, so that the last page is known. */
export function sortedPageOf<Row>(
  rows: Row[],
  { order, limit }: Pick<PageWish<string>, 'order' | 'limit'>,
  positionOf: (row: Row) => Position,
): SortedPage<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const hasMore = last !== undefined && rows.length > limit
  return { items, nextCursor: hasMore ? cursorAt(positionOf(last), order) : null }
}

/** What a cursor must hold to be one of a list's. */
export interface PositionForm {
  at: 'text' | 'number'
  isId: (text: string) => boolean
}

/** null: the first page. Throws `invalid_request` for what is no cursor, or one of another order. */
export function readPosition(
  cursor: string | null,
  order: Order,
  { at: form, isId }: PositionForm,
): Position | null {
  if (cursor === null) return null
  // One that says no order is of a version that had but one: the newest first, by ids alone.
  const { sort = 'created down', at = '', id } = decodeCursor(cursor) ?? {}
  const isOfOrder = sort === nameOf(order) && typeof id === 'string' && isId(id)
  if (isOfOrder && typeof at === 'string' && isPlace(at, order, form)) return { at, id }
  const fault = { path: 'cursor', message: 'This is no cursor of ours, or of another order' }
  throw new AppError('invalid_request', fault.message, { faults: [fault] })
}

/** A page of rows that are few enough to be read all at once, and stand in their order. */
export function pageOfAll<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  { order, cursor, limit }: PageWish<string, number | null>,
): SortedPage<Row> {
  const position = readPosition(cursor, order, { at: 'number', isId: () => true })
  const from = position === null ? 0 : beginAfter(rows, idOf, position)
  const items = rows.slice(from, limit === null ? undefined : from + limit)
  const last = items.at(-1)
  const end = from + items.length
  const hasMore = last !== undefined && end < rows.length
  return { items, nextCursor: hasMore ? cursorAt({ at: String(end - 1), id: idOf(last) }, order) : null }
}

/** Where the last row of the page before is gone, what has come into its place is the next. */
function beginAfter<Row>(rows: readonly Row[], idOf: (row: Row) => string, { at, id }: Position): number {
  const index = rows.findIndex((row) => idOf(row) === id)
  return index === -1 ? Number(at) : index + 1
}

/** Rows that are alike stay as they stood. */
export function sortRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | number,
  isDescending: boolean,
): Row[] {
  const [less, more] = isDescending ? [1, -1] : [-1, 1]
  const keyed = rows.map((row) => ({ row, key: comparable(keyOf(row)) }))
  return keyed.toSorted((a, b) => (a.key < b.key ? less : a.key > b.key ? more : 0)).map(({ row }) => row)
}

function comparable(key: string | number): string | number {
  return typeof key === 'string' ? key.toLowerCase() : key
}

/** Whether one of these texts holds what somebody looks for, in whatever case. */
export function holdsText(search: string | null, texts: readonly (string | null)[]): boolean {
  const wanted = search?.trim().toLowerCase() ?? ''
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted))
}

function cursorAt(position: Position, order: Order): string {
  return encodeCursor({ sort: nameOf(order), ...position })
}

function nameOf({ by, isDescending }: Order): string {
  return `${by} ${isDescending ? 'down' : 'up'}`
}

function isPlace(at: string, { by }: Order, form: PositionForm['at']): boolean {
  if (at === '') return form === 'text' || by === 'created'
  return form === 'text' ? at.isWellFormed() && !at.includes('\0') : /^-?\d{1,18}$/.test(at)
}
