import type { Deps } from '../../deps.ts'
import type { AccessCheck } from '../../llm/llm.ts'
import { checkProviderKey } from '../models/check-key.ts'
import {
  createProviderKey as create,
  type KeyChanges,
  type KeyWish,
  deleteProviderKey as remove,
  type StoredKey,
  updateProviderKey as update,
} from '../models/edit-keys.ts'
import { takeUpModels } from '../models/refresh-models.ts'
import { type Actor, changedFields, recordAct } from './record-act.ts'

/** Each takes effect here at once, on other instances within a second. Throw as the use cases of `models` do. */
export async function createProviderKey(deps: Deps, by: Actor, wish: KeyWish): Promise<StoredKey> {
  const key = await deps.db.transaction(async (tx) => {
    const created = await create(deps, tx, wish)
    await recordAct(deps, tx, by, {
      action: 'provider_key.create',
      targetId: created.id,
      after: fieldsOf(created),
    })
    return created
  })
  await takeUpModels(deps)
  return key
}

export async function updateProviderKey(
  deps: Deps,
  by: Actor,
  id: string,
  changes: KeyChanges,
): Promise<StoredKey> {
  const key = await deps.db.transaction(async (tx) => {
    const { before, after } = await update(deps, tx, id, changes)
    const fields = changedFields(fieldsOf(before), fieldsOf(after))
    await recordAct(deps, tx, by, { action: 'provider_key.update', targetId: before.id, ...fields })
    return after
  })
  await takeUpModels(deps)
  return key
}

export async function deleteProviderKey(deps: Deps, by: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const gone = await remove(tx, id)
    await recordAct(deps, tx, by, {
      action: 'provider_key.delete',
      targetId: gone.id,
      before: fieldsOf(gone),
    })
  })
  await takeUpModels(deps)
}

/** Asks the provider, as whoever acts has asked for: that is written down too. */
export async function testProviderKey(deps: Deps, by: Actor, id: string): Promise<AccessCheck> {
  const check = await checkProviderKey(deps, id)
  await recordAct(deps, deps.db, by, { action: 'provider_key.test', targetId: id, after: { ok: check.ok } })
  return check
}

/** The last four characters tell keys apart, and are all that is shown of them. */
function fieldsOf({ provider, name, baseUrl, lastFour, isEnabled }: StoredKey) {
  return { provider, name, baseUrl, lastFour, isEnabled }
}
