import type { Db } from '../../db/db.ts'
import type { Deps } from '../../deps.ts'
import { AppError, type FieldFault } from '../../errors.ts'
import { createId, isId } from '../../lib/ids.ts'
import { listModels as listChoices } from './find-model.ts'
import { listImageModels } from './image-models.ts'
import {
  findModelForUpdate,
  insertModel,
  listModels as list,
  listModelsOfPlan,
  listPlanNames,
  type NewModel,
  deleteModel as remove,
  type StoredModel,
  updateModel as update,
} from './store.ts'

export type { StoredModel } from './store.ts'

/** What is undefined is null, or what it usually is. */
export type ModelWish = { [Name in keyof NewModel]?: NewModel[Name] | undefined } & {
  provider: string
  upstream: string
}

/** What is undefined stays as it is. */
export type ModelChanges = { [Name in keyof NewModel]?: NewModel[Name] | undefined }

type EditDeps = Pick<Deps, 'now' | 'llm' | 'config' | 'offerMemory'>

/**
 * Enters a model, in a transaction; call `takeUpModels` after it. Throws `invalid_request` with a fault at each field,
 * `conflict` when another has its id.
 */
export async function createModel(deps: EditDeps, tx: Db, wish: ModelWish): Promise<StoredModel> {
  const { now, config } = deps
  const isOfSettings = config.images.models.some(
    (one) => one.provider === wish.provider && one.model === wish.upstream,
  )
  const row: NewModel = {
    modelId: wish.modelId ?? `${wish.provider}/${wish.upstream}`,
    provider: wish.provider,
    upstream: wish.upstream,
    name: wish.name ?? wish.upstream,
    isEnabled: wish.isEnabled ?? true,
    position: wish.position ?? 0,
    contextWindow: wish.contextWindow ?? null,
    maxOutputTokens: wish.maxOutputTokens ?? null,
    inputMicros: wish.inputMicros ?? null,
    cachedInputMicros: wish.cachedInputMicros ?? null,
    outputMicros: wish.outputMicros ?? null,
    reasoningMicros: wish.reasoningMicros ?? null,
    pictureMicros: wish.pictureMicros ?? null,
    draws: wish.draws ?? isOfSettings,
    hasVision: wish.hasVision ?? null,
    hasReasoning: wish.hasReasoning ?? null,
    hasTools: wish.hasTools ?? null,
    plans: wish.plans ?? null,
    fallbacks: wish.fallbacks ?? [],
  }
  check(row)
  await checkNamed(deps, tx, row, { plans: [], fallbacks: [] })
  return insertModel(tx, { id: createId(), ...row, createdAt: now(), updatedAt: now() })
}

/** As above; throws `not_found` too. Returns it as it was and as it is. */
export async function updateModel(
  deps: EditDeps,
  tx: Db,
  id: string,
  changes: ModelChanges,
): Promise<{ before: StoredModel; after: StoredModel }> {
  const before = isId(id) ? await findModelForUpdate(tx, id) : null
  if (before === null) throw noModel()
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const wanted = { ...before, ...given }
  check(wanted)
  await checkNamed(deps, tx, wanted, before)
  const after = await update(tx, id, { ...given, updatedAt: deps.now() })
  if (after === null) throw noModel()
  return { before, after }
}

/** Ids of the entries that are for this plan. */
export function modelsOfPlan(tx: Db, plan: string): Promise<string[]> {
  return listModelsOfPlan(tx, plan)
}

/** Throws `not_found`. Returns it as it was. */
export async function deleteModel(tx: Db, id: string): Promise<StoredModel> {
  const gone = isId(id) ? await remove(tx, id) : null
  if (gone === null) throw noModel()
  return gone
}

const mostPrice = 1_000_000_000_000
const providerForm = /^[a-z0-9][a-z0-9_-]{0,49}$/
const idForm = /^[^\s\p{Cc}]{1,200}$/u

function check(row: NewModel): void {
  const faults: FieldFault[] = []
  const expect = (isRight: boolean, path: string, expected: string) =>
    isRight || faults.push({ path, message: `Expected ${expected}` })
  expect(providerForm.test(row.provider), 'provider', 'a name of lower-case letters, digits, - and _')
  expect(isText(row.upstream, 200), 'upstream', 'a name of 1 to 200 characters')
  expect(isText(row.name, 100), 'name', 'a name of 1 to 100 characters')
  expect(idForm.test(row.modelId), 'model_id', '1 to 200 characters without blanks')
  const { contextWindow: window, maxOutputTokens: longest } = row
  expect(window === null || isWhole(window, 1024, 100_000_000), 'context_window', '1024 to 100000000')
  expect(
    longest === null || isWhole(longest, 1, window ?? 100_000_000),
    'max_output_tokens',
    'no more than fits',
  )
  const prices = { input: row.inputMicros, cached_input: row.cachedInputMicros, output: row.outputMicros }
  for (const [name, price] of Object.entries({ ...prices, reasoning: row.reasoningMicros })) {
    expect(
      price === null || isWhole(price, 0, mostPrice),
      `prices/${name}`,
      `a whole number from 0 to ${mostPrice}`,
    )
  }
  expect(
    row.pictureMicros === null || isWhole(row.pictureMicros, 0, mostPrice),
    'picture_price',
    `a whole number from 0 to ${mostPrice}`,
  )
  const areWhole = (row.inputMicros === null) === (row.outputMicros === null)
  expect(areWhole, 'prices', 'prices of input and output, or none')
  expect(row.plans === null || row.plans.every((plan) => providerForm.test(plan)), 'plans', 'names of plans')
  const hasOthers = row.fallbacks.every((id) => idForm.test(id) && id !== row.modelId)
  expect(
    hasOthers && new Set(row.fallbacks).size === row.fallbacks.length,
    'fallbacks',
    'other models, each once',
  )
  refuse(faults)
}

type Named = Pick<NewModel, 'plans' | 'fallbacks'>
type Naming = Named & Pick<NewModel, 'draws'>

/** One that is gone may stay where it was: whoever changes something else need not know of it. */
async function checkNamed(deps: EditDeps, tx: Db, row: Naming, before: Named): Promise<void> {
  const faults: FieldFault[] = []
  const expectAll = (path: keyof Named, known: string[]) => {
    const accepted = new Set([...known, ...(before[path] ?? [])])
    const unknown = (row[path] ?? []).filter((name) => !accepted.has(name))
    if (unknown.length > 0) faults.push({ path, message: `There is no ${unknown.join(', ')}` })
  }
  if (row.plans !== null) expectAll('plans', await listPlanNames(tx))
  if (row.fallbacks.length > 0) {
    expectAll('fallbacks', [...idsIn(await list(tx), row.draws), ...idsOf(deps, row.draws)])
  }
  refuse(faults)
}

/** As they may be named: also by their place where they have another id. */
function idsIn(models: StoredModel[], draws: boolean): string[] {
  const alike = models.filter((model) => (draws ? model.draws || model.pictureMicros !== null : !model.draws))
  return alike.flatMap(({ modelId, provider, upstream }) => [modelId, `${provider}/${upstream}`])
}

function idsOf(deps: EditDeps, draws: boolean): string[] {
  const models = draws ? listImageModels(deps) : listChoices(deps)
  return models.flatMap(({ id, ref }) => [id, `${ref.provider}/${ref.model}`])
}

function refuse(faults: FieldFault[]): void {
  if (faults.length > 0) throw new AppError('invalid_request', 'The model is not as it should be', { faults })
}

function isText(text: string, most: number): boolean {
  return (
    text.trim() === text &&
    text !== '' &&
    [...text].length <= most &&
    text.isWellFormed() &&
    !/\p{Cc}/u.test(text)
  )
}

function isWhole(number: number, least: number, most: number): boolean {
  return Number.isInteger(number) && number >= least && number <= most
}

function noModel(): AppError {
  return new AppError('not_found', 'There is no such model')
}
