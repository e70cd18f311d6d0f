import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { toTagName } from './check-texts.ts'
import type { Conversation } from './get-conversation.ts'
import { isMoment } from './moment.ts'
import {
  listConversations as listPlaced,
  type PlacedConversation,
  type Position,
  type Shelf,
} from './store.ts'

export interface ConversationPage {
  items: Conversation[]
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
}

export interface ListWish {
  shelf: Shelf
  /** Id or name; null: whichever they have. */
  tag: string | null
  cursor: string | null
  limit: number
}

/**
 * A person's conversations but the temporary ones, newest first and pinned ones before all others. What moves to the
 * top while somebody turns the pages is not shown again further down. Throws `invalid_request` for what is no cursor.
 */
export async function listConversations(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  { shelf, tag: text, cursor, limit }: ListWish,
): Promise<ConversationPage> {
  const tag = text === null || isId(text) ? text : toTagName(text, 'tag')
  const after = cursor === null ? null : toPosition(cursor)
  const rows = await listPlaced(db, userId, { shelf, tag, after, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: last !== undefined && rows.length > limit ? toCursor(last) : null }
}

function toCursor({ isPinned, position, id }: PlacedConversation): string {
  return encodeCursor({ pinned: isPinned, at: position, id })
}

function toPosition(cursor: string): Position {
  const { pinned, at, id } = decodeCursor(cursor) ?? {}
  if (typeof pinned === 'boolean' && isMoment(at) && typeof id === 'string' && isId(id)) {
    return { isPinned: pinned, at, id }
  }
  throw invalidField('cursor', 'This is no cursor of ours')
}
