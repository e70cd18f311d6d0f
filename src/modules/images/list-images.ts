import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import type { Image } from './image.ts'
import { listReady } from './store.ts'

export interface ImagePage {
  items: Image[]
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
}

/** The newest first. Throws `invalid_request` for what is no cursor. */
export async function listImages(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<ImagePage> {
  const rows = await listReady(db, userId, {
    before: cursor === null ? null : toId(cursor),
    limit: limit + 1,
  })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const hasMore = last !== undefined && rows.length > limit
  return { items, nextCursor: hasMore ? encodeCursor({ id: last.id }) : null }
}

/** Ids grow with time. */
function toId(cursor: string): string {
  const { id } = decodeCursor(cursor) ?? {}
  if (typeof id === 'string' && isId(id)) return id
  throw invalidField('cursor', 'This is no cursor of ours')
}
