import type { Deps } from '../../deps.ts'
import { pageOf, readIdCursor } from '../../lib/id-page.ts'
import { isId } from '../../lib/ids.ts'
import { type ActFilter, listActs as list, type RecordedAct } from './store.ts'

/** What administrators did, the newest first. Throws `invalid_request` for what is no cursor. */
export async function listActs(
  { db }: Pick<Deps, 'db'>,
  filter: ActFilter,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ items: RecordedAct[]; nextCursor: string | null }> {
  const beforeId = readIdCursor(cursor, isId)
  return pageOf(await list(db, filter, { beforeId, limit: limit + 1 }), limit)
}
