import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { getConversation } from './get-conversation.ts'
import { type Message, noMessage } from './get-message.ts'
import { listMessages as listUpwards } from './message-store.ts'

export interface MessagePage {
  /** Oldest first. */
  items: Message[]
  /** Where the page before it ends; null: this one holds the beginning. */
  nextCursor: string | null
}

/**
 * A branch of a conversation, its newest page first: the one that is shown, or the one that ends with `leafId`. A
 * cursor names the message that comes next, so nothing that is written meanwhile moves a page. Throws `not_found`, and
 * `invalid_request` for what is no cursor.
 */
export async function listMessages(
  deps: Pick<Deps, 'db'>,
  userId: number,
  conversationId: string,
  { leafId, cursor, limit }: { leafId: string | null; cursor: string | null; limit: number },
): Promise<MessagePage> {
  const before = cursor === null ? null : toMessageId(cursor)
  const { currentMessageId } = await getConversation(deps, userId, conversationId)
  const lastId = before ?? leafId ?? currentMessageId
  if (lastId === null) return { items: [], nextCursor: null }
  const items = await listUpwards(deps.db, conversationId, lastId, limit)
  // Behind a cursor it may just have been deleted.
  if (items.length === 0 && before === null && leafId !== null) throw noMessage()
  const nextId = items[0]?.parentId ?? null
  return { items, nextCursor: nextId === null ? null : encodeCursor({ before: nextId }) }
}

function toMessageId(cursor: string): string {
  const { before } = decodeCursor(cursor) ?? {}
  if (typeof before !== 'string' || !isId(before)) throw invalidField('cursor', 'This is no cursor of ours')
  return before
}
