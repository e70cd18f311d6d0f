import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { changePerson, takeUpPerson } from '../auth/change-person.ts'
import { deletePerson } from '../auth/delete-person.ts'
import { stopTurnsOf } from '../chat/stop-turn.ts'
import { turnsEnded } from '../chat/turns-ended.ts'
import { deleteConversationsOf } from '../conversations/delete-conversations-of.ts'
import { deleteImagesOf } from '../images/delete-images-of.ts'
import { type Actor, recordAct } from './record-act.ts'

/**
 * An account and all that is kept of it, for good. First it is closed as by a ban, and that it was deleted written
 * down; where the rest does not succeed it stays closed, and is deleted by the next try. Throws as `changePerson`;
 * `conflict` for one's own account, `dependency_down`.
 */
export async function deleteUser(deps: Deps, by: Actor, uid: string): Promise<void> {
  if (by !== 'command line' && by.user.uid === uid) {
    throw new AppError('conflict', 'Nobody deletes his own account here')
  }
  const change = await deps.db.transaction(async (tx) => {
    const closed = await changePerson(tx, uid, { isActive: false })
    const { email, username, phone, role, plan } = closed.before
    const before = { email, username, phone, role, plan }
    await recordAct(deps, tx, by, { action: 'user.delete', targetId: uid, before })
    return closed
  })
  const { id } = change.after
  takeUpPerson(deps, change)
  stopTurnsOf(deps, id)
  // Their ends are to be in the ledger.
  await turnsEnded(deps, id)
  await deleteImagesOf(deps, id)
  await deleteConversationsOf(deps, id)
  await deletePerson(deps, id)
}
