import type { Deps } from '../../deps.ts'
import { type Conversation, noConversation } from './get-conversation.ts'
import { updateConversation } from './store.ts'
import { tellOfChange } from './user-events.ts'

/** Out of the usual list, or back into it. Doing it twice is harmless. Throws `not_found`. */
export async function archiveConversation(
  deps: Pick<Deps, 'db' | 'kv'>,
  userId: number,
  id: string,
  isArchived: boolean,
): Promise<Conversation> {
  const conversation = await updateConversation(deps.db, userId, id, { isArchived })
  if (conversation === null) throw noConversation()
  tellOfChange(deps, userId, id)
  return conversation
}
