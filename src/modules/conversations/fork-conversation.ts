import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { insertFork, listBranchSteps } from './fork-store.ts'
import { type Conversation, getConversation, noConversation } from './get-conversation.ts'
import { noMessage } from './get-message.ts'
import { turnRunning } from './turn-running.ts'
import { tellOfChange } from './user-events.ts'

/**
 * A new conversation with a copy of the branch up to a message (null: of the branch that is shown) and the settings of
 * the old one. Throws `not_found`; `turn_running` when the last of these messages is still being made.
 */
export async function forkConversation(
  deps: Pick<Deps, 'db' | 'kv' | 'now'>,
  userId: number,
  id: string,
  messageId: string | null,
): Promise<Conversation> {
  const { currentMessageId, activeTurnId } = await getConversation(deps, userId, id)
  const leafId = messageId ?? currentMessageId
  const branch = leafId === null ? [] : await listBranchSteps(deps.db, id, leafId)
  if (leafId !== null && branch.length === 0) throw noMessage()
  if (branch.some(({ isRunning }) => isRunning)) throw turnRunning(activeTurnId)
  const fork = {
    id: createId(),
    sourceId: id,
    userId,
    messages: branch.map((step) => ({ id: step.id, copyId: createId() })),
    createdAt: deps.now(),
  }
  if (!(await insertFork(deps.db, fork))) throw noConversation()
  tellOfChange(deps, userId, fork.id)
  return getConversation(deps, userId, fork.id)
}
