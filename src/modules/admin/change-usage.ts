import type { Deps } from '../../deps.ts'
import { getPerson } from '../auth/list-people.ts'
import { grantBalance } from '../usage/balance.ts'
import { getOverride } from '../usage/get-override.ts'
import * as plans from '../usage/plans.ts'
import { tellOfQuota } from '../usage/tell-of-quota.ts'
import * as codes from '../usage/top-up-codes.ts'
import { type Actor, changedFields, recordAct } from './record-act.ts'

/** Throws `invalid_request`, `conflict`. */
export async function createPlan(
  deps: Deps,
  by: Actor,
  name: string,
  limits: Record<string, number | null>,
): Promise<plans.Plan> {
  return deps.db.transaction(async (tx) => {
    const plan = await plans.createPlan(deps, tx, name, plans.readLimits(limits))
    await recordAct(deps, tx, by, { action: 'plan.create', targetId: name, after: plan.limits })
    return plan
  })
}

/** Throws `not_found`. */
export async function updatePlan(
  deps: Deps,
  by: Actor,
  name: string,
  limits: Record<string, number | null>,
): Promise<plans.Plan> {
  return deps.db.transaction(async (tx) => {
    const { before, after } = await plans.updatePlan(deps, tx, name, plans.readLimits(limits))
    const fields = changedFields(before.limits, after.limits)
    await recordAct(deps, tx, by, { action: 'plan.update', targetId: name, ...fields })
    return after
  })
}

/** Throws `not_found`, `conflict`. */
export async function deletePlan(deps: Deps, by: Actor, name: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { limits } = await plans.deletePlan(deps, tx, name)
    await recordAct(deps, tx, by, { action: 'plan.delete', targetId: name, before: limits })
  })
}

/** Throws `not_found`, `invalid_request`. */
export async function setOverride(
  deps: Deps,
  by: Actor,
  uid: string,
  given: { limits: Record<string, number | null>; timezone: string | null },
): Promise<void> {
  const override = { limits: plans.readLimits(given.limits), timezone: given.timezone }
  const { id } = await getPerson(deps, uid)
  const before = await getOverride(deps, id)
  await deps.db.transaction(async (tx) => {
    await plans.setOverride(deps, tx, id, override)
    const fields = { before: before && fieldsOf(before), after: fieldsOf(override) }
    await recordAct(deps, tx, by, { action: 'user.set_quota', targetId: uid, ...fields })
  })
  tellOfQuota(deps, id)
}

/** Throws `not_found`. */
export async function removeOverride(deps: Deps, by: Actor, uid: string): Promise<void> {
  const { id } = await getPerson(deps, uid)
  const before = await getOverride(deps, id)
  await deps.db.transaction(async (tx) => {
    await plans.removeOverride(deps, tx, id)
    await recordAct(deps, tx, by, {
      action: 'user.reset_quota',
      targetId: uid,
      before: before && fieldsOf(before),
    })
  })
  tellOfQuota(deps, id)
}

/** What the balance is then. Throws `not_found`, `invalid_request`. */
export async function changeBalance(
  deps: Deps,
  by: Actor,
  uid: string,
  { micros, note }: { micros: number; note: string | null },
): Promise<number> {
  const { id } = await getPerson(deps, uid)
  const balance = await deps.db.transaction(async (tx) => {
    const granted = await grantBalance(deps, tx, id, micros)
    const after = { added: micros, balance: granted, note }
    await recordAct(deps, tx, by, { action: 'user.change_balance', targetId: uid, after })
    return granted
  })
  tellOfQuota(deps, id)
  return balance
}

/** Their texts are returned this once. Throws `invalid_request`. */
export async function createCodes(deps: Deps, by: Actor, wish: codes.CodesWish) {
  return deps.db.transaction(async (tx) => {
    const createdBy = by === 'command line' ? null : by.user.id
    const made = await codes.createCodes(deps, tx, wish, createdBy)
    const { micros, maxUses, expiresAt, note } = wish
    for (const { id, ending } of made) {
      const after = { micros, maxUses, ending, note, expiresAt: expiresAt?.toISOString() ?? null }
      await recordAct(deps, tx, by, { action: 'top_up_code.create', targetId: id, after })
    }
    return made
  })
}

/** Throws `not_found`. */
export async function withdrawCode(deps: Deps, by: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { ending, micros, uses } = await codes.withdrawCode(deps, tx, id)
    await recordAct(deps, tx, by, {
      action: 'top_up_code.withdraw',
      targetId: id,
      before: { ending, micros, uses },
    })
  })
}

function fieldsOf({ limits, timezone }: plans.Override) {
  return { ...limits, timezone }
}
