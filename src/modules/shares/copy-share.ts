import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { isLinkToken } from '../../lib/tokens.ts'
import { type Conversation, getConversation } from '../conversations/get-conversation.ts'
import { tellOfChange } from '../conversations/user-events.ts'
import { noShare } from './share.ts'
import { countMessages, insertCopy } from './store.ts'

/** A conversation of one's own that begins with what was shared. Throws `not_found`. */
export async function copyShare(
  deps: Pick<Deps, 'db' | 'kv' | 'now'>,
  userId: number,
  token: string,
): Promise<Conversation> {
  const now = deps.now()
  const count = isLinkToken(token) ? await countMessages(deps.db, token, now) : null
  if (count === null) throw noShare()
  const messageIds = Array.from({ length: count }, createId)
  const id = createId()
  if (!(await insertCopy(deps.db, userId, token, { id, messageIds, now }))) throw noShare()
  tellOfChange(deps, userId, id)
  return getConversation(deps, userId, id)
}
