import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import type { Share } from './share.ts'
import { listShares as list, type Position } from './store.ts'

export interface SharePage {
  items: Share[]
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
}

/**
 * The newest first, expired ones too, as they may be made to last longer; not those of conversations in the bin.
 * Throws `invalid_request` for what is no cursor.
 */
export async function listShares(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<SharePage> {
  const after = cursor === null ? null : toPosition(cursor)
  const rows = await list(db, userId, { after, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: last !== undefined && rows.length > limit ? toCursor(last) : null }
}

function toCursor({ createdAt, id }: Share): string {
  return encodeCursor({ at: createdAt.toISOString(), id })
}

function toPosition(cursor: string): Position {
  const { at, id } = decodeCursor(cursor) ?? {}
  if (typeof at === 'string' && typeof id === 'string' && isId(id)) {
    const createdAt = new Date(/^[1-9]\d{3}-/.test(at) ? at : Number.NaN)
    if (!Number.isNaN(createdAt.getTime())) return { createdAt, id }
  }
  throw invalidField('cursor', 'This is no cursor of ours')
}
