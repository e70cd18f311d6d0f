import type { Parameters } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { checkParameters, findModel } from '../models/find-model.ts'

/**
 * The id under which the model is kept; null stays null: whichever is the default. Throws `invalid_request` for a model
 * that there is not, and for parameters that it does not take.
 */
export function checkModel(
  deps: Pick<Deps, 'llm'>,
  wanted: string | null,
  parameters: Parameters,
): string | null {
  const model = findModel(deps, wanted)
  checkParameters(model, parameters)
  return wanted === null ? null : model.id
}
