import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { type ActFilter, listActs as list, type RecordedAct } from './store.ts'

/** What administrators did, the newest first. Throws `invalid_request` for what is no cursor. */
export async function listActs(
  { db }: Pick<Deps, 'db'>,
  filter: ActFilter,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ items: RecordedAct[]; nextCursor: string | null }> {
  const beforeId = cursor === null ? null : toId(cursor)
  const rows = await list(db, filter, { beforeId, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    nextCursor: last !== undefined && rows.length > limit ? encodeCursor({ id: last.id }) : null,
  }
}

function toId(cursor: string): string {
  const { id } = decodeCursor(cursor) ?? {}
  if (typeof id === 'string' && isId(id)) return id
  throw invalidField('cursor', 'This is no cursor of ours')
}
