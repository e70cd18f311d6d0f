import { inArray, sql } from 'drizzle-orm'
import { siteSettings } from '../../db/admin-tables.ts'
import type { Db } from '../../db/db.ts'

export async function listSettings(db: Db): Promise<Map<string, string>> {
  const rows = await db.select({ name: siteSettings.name, value: siteSettings.value }).from(siteSettings)
  return new Map(rows.map(({ name, value }) => [name, value]))
}

/** null: as the environment says again. */
export async function saveSettings(db: Db, changes: Map<string, string | null>, now: Date): Promise<void> {
  const gone = [...changes].flatMap(([name, value]) => (value === null ? [name] : []))
  const rows = [...changes].flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, updatedAt: now }],
  )
  if (gone.length > 0) await db.delete(siteSettings).where(inArray(siteSettings.name, gone))
  if (rows.length === 0) return
  await db
    .insert(siteSettings)
    // Always in one order: two that change the same settings do not wait for each other in a circle.
    .values(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    .onConflictDoUpdate({
      target: siteSettings.name,
      set: { value: sql`excluded.value`, updatedAt: sql`excluded.updated_at` },
    })
}
