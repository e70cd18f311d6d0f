import { AppError } from '../errors.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** A page of a list whose order is that of its ids, from one row more than it has, so that the last page is known. */
export function pageOf<Row extends { id: string | number }>(
  rows: Row[],
  limit: number,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const hasMore = last !== undefined && rows.length > limit
  return { items, nextCursor: hasMore ? encodeCursor({ id: String(last.id) }) : null }
}

/** The id that such a page ended with; null: there was none before. Throws `invalid_request` for what is no cursor. */
export function readIdCursor(cursor: string | null, isId: (text: string) => boolean): string | null {
  if (cursor === null) return null
  const { id } = decodeCursor(cursor) ?? {}
  if (typeof id === 'string' && isId(id)) return id
  const fault = { path: 'cursor', message: 'This is no cursor of ours' }
  throw new AppError('invalid_request', fault.message, { faults: [fault] })
}
