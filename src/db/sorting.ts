import { type Column, or, type SQL, sql } from 'drizzle-orm'
import type { Position, PositionForm } from '../lib/sorted-page.ts'

/** What rows are sorted by; by their ids where it is the same. */
export interface Sorting {
  /** Never null: rows are compared with the last of the page before. `none`: the order of the ids is all. */
  key: SortKey | 'none'
  id: { of: SQL | Column; type: 'bigint' | 'uuid' }
  isDescending: boolean
}

export interface SortKey {
  of: SQL
  type: PositionForm['at']
}

/** In the same order on every database, and not so long that the cursor would be too long. */
export function textKey(text: SQL): SortKey {
  return { of: sql`left(lower(coalesce(${text}, '')), 50) collate "C"`, type: 'text' }
}

export function numberKey(number: SQL): SortKey {
  return { of: sql`(${number})::bigint`, type: 'number' }
}

export function orderBy({ key, id, isDescending }: Sorting): SQL {
  const direction = isDescending ? sql`desc` : sql`asc`
  return key === 'none' ? sql`${id.of} ${direction}` : sql`${key.of} ${direction}, ${id.of} ${direction}`
}

/** What the row is sorted by, as text. */
export function placeOf({ key }: Sorting): SQL<string> {
  return key === 'none' ? sql<string>`''` : sql<string>`(${key.of})::text`
}

/** Rows after `position`. */
export function isAfter({ key, id, isDescending }: Sorting, position: Position | null): SQL | undefined {
  if (position === null) return undefined
  const sign = isDescending ? sql`<` : sql`>`
  const last = asId(position.id, id.type)
  // By the ids alone the database finds them at once.
  if (key === 'none') return sql`${id.of} ${sign} ${last}`
  const place =
    key.type === 'text' ? sql`${position.at}::text collate "C"` : sql`${position.at}::text::bigint`
  return sql`(${key.of}, ${id.of}) ${sign} (${place}, ${last})`
}

function asId(id: string, type: Sorting['id']['type']): SQL {
  return type === 'uuid' ? sql`${id}::uuid` : sql`${id}::text::bigint`
}

/** One of these columns holds the text, in whatever case. What somebody types is no pattern: `%` and `_` are themselves. */
export function holds(text: string, columns: readonly (SQL | Column)[]): SQL | undefined {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return or(...columns.map((column) => sql`lower(${column}) like ${pattern}`))
}
