import type { Db } from '../../db/db.ts'
import type { UsageLimits } from '../../db/usage-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { limitNames } from '../../lib/limit-names.ts'
import { holdsText, type PageWish, pageOfAll, type SortedPage, sortRows } from '../../lib/sorted-page.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { modelsOfPlan } from '../models/edit-models.ts'
import {
  deleteOverride,
  findOverride,
  findPlan,
  insertPlan,
  isPlanInUse,
  listPlans as list,
  moveWindows,
  type Plan,
  deletePlan as remove,
  saveOverride,
  updatePlan as update,
} from './plan-store.ts'
import { tryTimezone } from './store.ts'

export type { Override, Plan } from './plan-store.ts'

export type PlanSort = 'name' | 'people'

/** `people`: how many have it, also those who have it as everybody has. */
export type ListedPlan = Plan & { people: number }

/** Plans, the name of which holds `search`. Throws `invalid_request` for what is no cursor. */
export async function listPlans(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  { search }: { search: string | null },
  wish: PageWish<PlanSort, number | null>,
): Promise<SortedPage<ListedPlan>> {
  const { plans, people } = await list(db)
  const others = (name: string) => (name === config.auth.defaultPlan ? (people.get('') ?? 0) : 0)
  const found = plans
    .map((plan) => ({ ...plan, people: (people.get(plan.name) ?? 0) + others(plan.name) }))
    .filter(({ name }) => holdsText(search, [name]))
  const { by, isDescending } = wish.order
  const sorted = sortRows(found, (plan) => plan[by], isDescending)
  return pageOfAll(sorted, ({ name }) => name, wish)
}

/** In a transaction. Throws `invalid_request`, `conflict`. */
export async function createPlan(
  { now }: Pick<Deps, 'now'>,
  tx: Db,
  name: string,
  limits: UsageLimits,
): Promise<Plan> {
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(name)) {
    throw invalidField('name', 'Expected 1 to 32 lower-case letters, digits, - and _')
  }
  const plan = await insertPlan(tx, { name, limits: cleaned(limits), now: now() })
  if (plan === null) throw new AppError('conflict', 'There is a plan of this name already')
  return plan
}

/** In a transaction; in force at once for everybody who has the plan. As it was, and as it is. Throws `not_found`. */
export async function updatePlan(
  { now }: Pick<Deps, 'now'>,
  tx: Db,
  name: string,
  limits: UsageLimits,
): Promise<{ before: Plan; after: Plan }> {
  const before = await findPlan(tx, name)
  if (before === null) throw noPlan()
  const after = await update(tx, { name, limits: cleaned(limits), now: now() })
  return { before, after }
}

/**
 * In a transaction. Throws `not_found`; `conflict` while somebody has it, the settings or others fall back on it, or
 * models are for it: those would be nobody's, or anybody's who makes a plan of that name.
 */
export async function deletePlan({ config }: Pick<Deps, 'config'>, tx: Db, name: string): Promise<Plan> {
  const plan = await findPlan(tx, name)
  if (plan === null) throw noPlan()
  const isNeeded = name === 'free' || name === config.auth.defaultPlan
  if (isNeeded || (await isPlanInUse(tx, name))) throw new AppError('conflict', 'This plan is in use')
  const models = await modelsOfPlan(tx, name)
  if (models.length > 0) throw new AppError('conflict', `Models are for this plan: ${inWords(models)}`)
  await remove(tx, name)
  return plan
}

const mostNamed = 10

function inWords(names: string[]): string {
  const more = names.length - mostNamed
  return names.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** Throws `invalid_request` for a plan that there is not. */
export async function assertPlan(tx: Db, name: string): Promise<void> {
  if ((await findPlan(tx, name)) === null) throw invalidField('plan', 'No such plan')
}

type OverrideDeps = Pick<Deps, 'now' | 'config'>

/** What somebody gets instead of what his plan says, in a transaction. Throws `invalid_request`. */
export async function setOverride(
  deps: OverrideDeps,
  tx: Db,
  userId: number,
  { limits, timezone }: { limits: UsageLimits; timezone: string | null },
): Promise<void> {
  if (timezone !== null) await checkTimezone(tx, timezone)
  const before = await findOverride(tx, userId)
  await saveOverride(tx, { userId, limits, timezone, now: deps.now() })
  await followClock(deps, tx, userId, [before?.timezone ?? null, timezone])
}

/** In a transaction: the plan alone counts again. */
export async function removeOverride(deps: OverrideDeps, tx: Db, userId: number): Promise<void> {
  const before = await findOverride(tx, userId)
  await deleteOverride(tx, userId)
  await followClock(deps, tx, userId, [before?.timezone ?? null, null])
}

/** Windows that have begun end by the clock that counts from now on. null: that of TIMEZONE. */
async function followClock(
  { now, config }: OverrideDeps,
  tx: Db,
  userId: number,
  [before, after]: [string | null, string | null],
): Promise<void> {
  if (before === after) return
  await moveWindows(tx, { userId, timezone: after ?? config.usage.timezone, now: now() })
}

async function checkTimezone(tx: Db, timezone: string): Promise<void> {
  const fault = invalidField('timezone', 'Expected the name of a time zone such as Asia/Shanghai')
  // Offsets such as +08:00 are turned round by the database.
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(timezone)) throw fault
  try {
    // In a savepoint: a refusal would end the transaction.
    await tx.transaction((inner) => tryTimezone(inner, timezone))
  } catch {
    throw fault
  }
}

/** As clients send them, at `path`. Throws `invalid_request` for a name that is no limit's. */
export function readLimits(given: Record<string, number | null>, path = 'limits'): UsageLimits {
  const unknown = Object.keys(given).find((name) => !limitNames.some((known) => known === name))
  if (unknown !== undefined) throw invalidField(path, `Expected only ${limitNames.join(', ')}`)
  return given
}

/** null says nothing in a plan. */
function cleaned(limits: UsageLimits): UsageLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== null))
}

function noPlan(): AppError {
  return new AppError('not_found', 'No such plan')
}
