import type { Deps } from '../../deps.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import type { Model } from '../../modules/models/find-model.ts'
import { listPickable, pickModel } from './pick-model.ts'

/** OpenAI's `model` object. */
interface ModelObject {
  id: string
  object: 'model'
  created: number
  owned_by: string
}

export async function listModels(
  deps: Deps,
  caller: Caller,
): Promise<{ object: 'list'; data: ModelObject[] }> {
  const models = await listPickable(deps, caller)
  return { object: 'list', data: models.map((model) => toObject(deps, model)) }
}

/** Throws `not_found`. */
export async function getModel(deps: Deps, caller: Caller, name: string): Promise<ModelObject> {
  const [model] = await pickModel(deps, caller, name, null)
  return toObject(deps, model)
}

/** Nobody knows when a model was made: the field has to be there, and says when this service began. */
function toObject({ lifecycle }: Deps, { id, ref }: Model): ModelObject {
  const created = Math.floor(lifecycle.startedAt.getTime() / 1000)
  return { id, object: 'model', created, owned_by: ref.provider }
}
