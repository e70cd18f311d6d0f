import { and, eq, isNull, or, sql } from 'drizzle-orm'
import { tokenFactors } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { models, providerKeys } from '../../db/model-tables.ts'
import { rowsOf } from '../../db/rows.ts'
import { isUniqueViolation } from '../../db/unique-violation.ts'
import { plans } from '../../db/usage-tables.ts'
import { AppError } from '../../errors.ts'
import type { StoredOffer } from './stored-offer.ts'
import type { StoredFactor } from './token-factors.ts'

// What was learned

export function listFactors(db: Db): Promise<StoredFactor[]> {
  return db.select().from(tokenFactors)
}

export async function saveFactors(db: Db, factors: StoredFactor[]): Promise<void> {
  await db
    .insert(tokenFactors)
    // Always in one order: two instances that lock the same rows do not wait for each other in a circle.
    .values(factors.toSorted((a, b) => (a.model < b.model ? -1 : 1)))
    .onConflictDoUpdate({
      target: tokenFactors.model,
      set: { factor: sql`excluded.factor`, answers: sql`excluded.answers` },
    })
}

// What was entered

/** In one query, for it runs every second. */
export async function readOffer(db: Db): Promise<StoredOffer> {
  const result = await db.execute(sql`
    select (select coalesce(json_agg(m order by m.position, m.name, m.id), '[]')::text from models m) as models,
      (select coalesce(json_agg(k order by k.created_at, k.id), '[]')::text from provider_keys k
        where k.is_enabled) as keys,
      (select value from settings where name = 'default_model') as "defaultModel"`)
  const [row] = rowsOf<StoredOffer>(result)
  if (row === undefined) throw new Error('the models were not read')
  return row
}

// Models, for administrators

export type StoredModel = typeof models.$inferSelect
export type NewModel = Omit<StoredModel, 'id' | 'createdAt' | 'updatedAt'>

export function listModels(db: Db): Promise<StoredModel[]> {
  return db.select().from(models).orderBy(models.position, models.name, models.id)
}

/** Held until the transaction ends, so that nobody changes it in between. */
export async function findModelForUpdate(db: Db, id: string): Promise<StoredModel | null> {
  const [row] = await db.select().from(models).where(eq(models.id, id)).for('update')
  return row ?? null
}

/** Throws `conflict` when another has that id for clients. */
export async function insertModel(db: Db, row: typeof models.$inferInsert): Promise<StoredModel> {
  try {
    const [inserted] = await db.insert(models).values(row).returning()
    if (inserted === undefined) throw new Error('the new model was not returned')
    return inserted
  } catch (error) {
    throw takenId(error)
  }
}

/** Throws `conflict` as above. */
export async function updateModel(
  db: Db,
  id: string,
  changes: Partial<NewModel> & { updatedAt: Date },
): Promise<StoredModel | null> {
  try {
    const [row] = await db.update(models).set(changes).where(eq(models.id, id)).returning()
    return row ?? null
  } catch (error) {
    throw takenId(error)
  }
}

export async function deleteModel(db: Db, id: string): Promise<StoredModel | null> {
  const [row] = await db.delete(models).where(eq(models.id, id)).returning()
  return row ?? null
}

/** None of them goes until the transaction ends. */
export async function listPlanNames(db: Db): Promise<string[]> {
  const rows = await db.select({ name: plans.name }).from(plans).for('share')
  return rows.map(({ name }) => name)
}

/** Ids of the models that name this plan, by name. */
export async function listModelsOfPlan(db: Db, plan: string): Promise<string[]> {
  const rows = await db
    .select({ id: models.modelId })
    .from(models)
    .where(sql`${models.plans} @> ${JSON.stringify([plan])}::text::jsonb`)
    .orderBy(models.modelId)
  return rows.map(({ id }) => id)
}

function takenId(error: unknown): unknown {
  if (!isUniqueViolation(error, 'models_model_id_key')) return error
  return new AppError('conflict', 'Another model has this id')
}

// Keys, for administrators

export type StoredKey = typeof providerKeys.$inferSelect

export function listKeys(db: Db): Promise<StoredKey[]> {
  return db.select().from(providerKeys).orderBy(providerKeys.createdAt, providerKeys.id)
}

export async function findKey(db: Db, id: string): Promise<StoredKey | null> {
  const [row] = await db.select().from(providerKeys).where(eq(providerKeys.id, id))
  return row ?? null
}

/** Held until the transaction ends. */
export async function findKeyForUpdate(db: Db, id: string): Promise<StoredKey | null> {
  const [row] = await db.select().from(providerKeys).where(eq(providerKeys.id, id)).for('update')
  return row ?? null
}

/** Those that were sealed by another secret than this one, held until the transaction ends. */
export function listKeysSealedOtherwise(db: Db, sealedBy: string): Promise<StoredKey[]> {
  const isOther = or(isNull(providerKeys.sealedBy), sql`${providerKeys.sealedBy} <> ${sealedBy}`)
  return db
    .select()
    .from(providerKeys)
    .where(and(sql`${providerKeys.sealedKey} is not null`, isOther))
    .orderBy(providerKeys.id)
    .for('update')
}

export async function insertKey(db: Db, row: typeof providerKeys.$inferInsert): Promise<StoredKey> {
  const [inserted] = await db.insert(providerKeys).values(row).returning()
  if (inserted === undefined) throw new Error('the new key was not returned')
  return inserted
}

export async function updateKey(
  db: Db,
  id: string,
  changes: Partial<Omit<StoredKey, 'id' | 'createdAt'>>,
): Promise<StoredKey | null> {
  const [row] = await db.update(providerKeys).set(changes).where(eq(providerKeys.id, id)).returning()
  return row ?? null
}

export async function deleteKey(db: Db, id: string): Promise<StoredKey | null> {
  const [row] = await db.delete(providerKeys).where(eq(providerKeys.id, id)).returning()
  return row ?? null
}
