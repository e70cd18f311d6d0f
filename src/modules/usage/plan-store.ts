import { asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { users } from '../../db/tables.ts'
import { plans, quotaOverrides, type UsageLimits } from '../../db/usage-tables.ts'

export type Plan = typeof plans.$inferSelect

/** By name, with how many people each was given to; empty: how many have none of their own. */
export async function listPlans(db: Db): Promise<{ plans: Plan[]; people: Map<string, number> }> {
  const count = sql<number>`count(*)::float8`
  const [rows, counts] = await Promise.all([
    db.select().from(plans).orderBy(asc(plans.name)),
    db.select({ plan: users.plan, count }).from(users).groupBy(users.plan),
  ])
  return { plans: rows, people: new Map(counts.map((one) => [one.plan ?? '', one.count])) }
}

/** Nobody changes it until the transaction ends. */
export async function findPlan(db: Db, name: string): Promise<Plan | null> {
  const [plan] = await db.select().from(plans).where(eq(plans.name, name)).for('update')
  return plan ?? null
}

interface PlanState {
  name: string
  limits: UsageLimits
  now: Date
}

/** null: there is one of this name. */
export async function insertPlan(db: Db, { name, limits, now }: PlanState): Promise<Plan | null> {
  const [plan] = await db
    .insert(plans)
    .values({ name, limits, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning()
  return plan ?? null
}

export async function updatePlan(db: Db, { name, limits, now }: PlanState): Promise<Plan> {
  const [plan] = await db
    .update(plans)
    .set({ limits, updatedAt: now })
    .where(eq(plans.name, name))
    .returning()
  if (plan === undefined) throw new Error('the plan was not there any more')
  return plan
}

export async function deletePlan(db: Db, name: string): Promise<void> {
  await db.delete(plans).where(eq(plans.name, name))
}

export async function isPlanInUse(db: Db, name: string): Promise<boolean> {
  const rows = await db.select({ one: sql`1` }).from(users).where(eq(users.plan, name)).limit(1)
  return rows.length > 0
}

export interface Override {
  limits: UsageLimits
  timezone: string | null
}

export async function findOverride(db: Db, userId: number): Promise<Override | null> {
  const { limits, timezone } = quotaOverrides
  const [row] = await db
    .select({ limits, timezone })
    .from(quotaOverrides)
    .where(eq(quotaOverrides.userId, userId))
  return row ?? null
}

export async function saveOverride(
  db: Db,
  { userId, limits, timezone, now }: Override & { userId: number; now: Date },
): Promise<void> {
  const set = { limits, timezone, updatedAt: now }
  await db
    .insert(quotaOverrides)
    .values({ userId, ...set })
    .onConflictDoUpdate({ target: quotaOverrides.userId, set })
}

export async function deleteOverride(db: Db, userId: number): Promise<void> {
  await db.delete(quotaOverrides).where(eq(quotaOverrides.userId, userId))
}

/** This person's days begin in that time zone from now on: what is used and held counts in the present ones there. */
export async function moveWindows(
  db: Db,
  { userId, timezone, now }: { userId: number; timezone: string; now: Date },
): Promise<void> {
  await db.execute(
    sql`select usage_move_windows(${userId}::bigint, ${timezone}::text, ${now.toISOString()}::timestamptz)`,
  )
}
