import type { Deps } from '../../deps.ts'
import { isId } from '../../lib/ids.ts'
import { type PageWish, readPosition, type SortedPage, sortedPageOf } from '../../lib/sorted-page.ts'
import { type ActFilter, listActs as list, type RecordedAct } from './store.ts'

/** What administrators did, by time. Throws `invalid_request` for what is no cursor. */
export async function listActs(
  { db }: Pick<Deps, 'db'>,
  filter: ActFilter,
  { order, cursor, limit }: PageWish<'created'>,
): Promise<SortedPage<RecordedAct>> {
  const after = readPosition(cursor, order, { at: 'number', isId })
  const rows = await list(db, filter, { order, after, limit: limit + 1 })
  return sortedPageOf(rows, { order, limit }, ({ id }) => ({ at: '', id }))
}
