import type { Deps } from '../../deps.ts'
import { noMessage } from './get-message.ts'
import { lockConversation } from './store.ts'
import { deleteSubtree, findPlace, showWhatIsLeft } from './tree-store.ts'
import { turnRunning } from './turn-running.ts'
import { tellOfChange } from './user-events.ts'

/**
 * With everything that follows it. When it was part of the branch that is shown, that of its parent is shown instead,
 * to its newest end. Throws `not_found`; `turn_running` while a part of it is still being made.
 */
export async function deleteMessage(
  deps: Pick<Deps, 'db' | 'kv'>,
  userId: number,
  id: string,
): Promise<void> {
  const conversationId = await deps.db.transaction(async (tx) => {
    const place = await findPlace(tx, userId, id)
    // One statement cannot both wait for whoever writes there now and see what he has written.
    if (place === null || !(await lockConversation(tx, userId, place.conversationId))) throw noMessage()
    const { deleted, runningTurnId } = await deleteSubtree(tx, place.conversationId, id)
    if (runningTurnId !== null) throw turnRunning(runningTurnId)
    if (deleted === 0) throw noMessage()
    await showWhatIsLeft(tx, place.conversationId, place.parentId)
    return place.conversationId
  })
  tellOfChange(deps, userId, conversationId)
}
