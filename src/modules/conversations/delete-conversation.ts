import type { Deps } from '../../deps.ts'
import { type Conversation, noConversation } from './get-conversation.ts'
import { putIntoBin, takeFromBin } from './store.ts'
import { tellOfChange, tellOfDeletion } from './user-events.ts'

/** Into the bin, for 30 days. An answer that is being made in it is stopped. Throws `not_found`. */
export async function deleteConversation(
  deps: Pick<Deps, 'db' | 'kv' | 'now'>,
  userId: number,
  id: string,
): Promise<void> {
  if (!(await putIntoBin(deps.db, userId, id, deps.now()))) throw noConversation()
  tellOfDeletion(deps, userId, id)
}

/** Out of the bin; one that is not in it stays as it is. Throws `not_found`. */
export async function restoreConversation(
  deps: Pick<Deps, 'db' | 'kv'>,
  userId: number,
  id: string,
): Promise<Conversation> {
  const conversation = await takeFromBin(deps.db, userId, id)
  if (conversation === null) throw noConversation()
  tellOfChange(deps, userId, id)
  return conversation
}
