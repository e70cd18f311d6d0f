import type { Deps } from '../../deps.ts'
import {
  createInvite as create,
  type Invite,
  type InviteWish,
  deleteInvite as remove,
} from '../auth/invites.ts'
import { type Actor, recordAct } from './record-act.ts'

/** The code is returned this once. Throws `invalid_request`. */
export async function createInvite(
  deps: Deps,
  by: Actor,
  wish: InviteWish,
): Promise<{ invite: Invite; code: string }> {
  return deps.db.transaction(async (tx) => {
    const made = await create(deps, tx, wish)
    const { id, hint, note, maxUses, expiresAt } = made.invite
    const after = { hint, note, maxUses, expiresAt: expiresAt?.toISOString() ?? null }
    await recordAct(deps, tx, by, { action: 'invite.create', targetId: id, after })
    return made
  })
}

/** Throws `not_found`. */
export async function deleteInvite(deps: Deps, by: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { hint, note, uses } = await remove(tx, id)
    await recordAct(deps, tx, by, { action: 'invite.delete', targetId: id, before: { hint, note, uses } })
  })
}
