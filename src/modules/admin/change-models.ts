import type { Deps } from '../../deps.ts'
import {
  createModel as create,
  type ModelChanges,
  type ModelWish,
  deleteModel as remove,
  type StoredModel,
  updateModel as update,
} from '../models/edit-models.ts'
import { takeUpModels } from '../models/refresh-models.ts'
import { type Actor, changedFields, recordAct } from './record-act.ts'

/** Each takes effect here at once, on other instances within a second. Throw as the use cases of `models` do. */
export async function createModel(deps: Deps, by: Actor, wish: ModelWish): Promise<StoredModel> {
  const model = await deps.db.transaction(async (tx) => {
    const created = await create(deps, tx, wish)
    await recordAct(deps, tx, by, {
      action: 'model.create',
      targetId: created.modelId,
      after: fieldsOf(created),
    })
    return created
  })
  await takeUpModels(deps)
  return model
}

export async function updateModel(
  deps: Deps,
  by: Actor,
  id: string,
  changes: ModelChanges,
): Promise<StoredModel> {
  const model = await deps.db.transaction(async (tx) => {
    const { before, after } = await update(deps, tx, id, changes)
    const fields = changedFields(fieldsOf(before), fieldsOf(after))
    await recordAct(deps, tx, by, { action: 'model.update', targetId: before.modelId, ...fields })
    return after
  })
  await takeUpModels(deps)
  return model
}

export async function deleteModel(deps: Deps, by: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const gone = await remove(tx, id)
    await recordAct(deps, tx, by, { action: 'model.delete', targetId: gone.modelId, before: fieldsOf(gone) })
  })
  await takeUpModels(deps)
}

function fieldsOf({ createdAt: _, updatedAt: __, ...fields }: StoredModel) {
  return fields
}
