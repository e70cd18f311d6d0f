import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { images } from '../../db/image-tables.ts'
import type { ImageType } from '../../lib/type-of-image.ts'
import type { Image } from './image.ts'

const columns = {
  id: images.id,
  prompt: images.prompt,
  model: images.model,
  size: images.size,
  contentType: images.contentType,
  byteSize: images.byteSize,
  createdAt: images.createdAt,
}

/** Not ready yet. */
export async function insertImages(db: Db, userId: number, rows: Image[]): Promise<void> {
  await db.insert(images).values(rows.map((row) => ({ ...row, userId })))
}

export async function markReady(db: Db, ids: string[]): Promise<void> {
  await db.update(images).set({ isReady: true }).where(inArray(images.id, ids))
}

/** False: this person has no such picture. */
export async function unmarkReady(db: Db, userId: number, id: string): Promise<boolean> {
  const rows = await db
    .update(images)
    .set({ isReady: false })
    .where(isOwn(userId, id))
    .returning({ id: images.id })
  return rows.length > 0
}

/** Nobody sees them any more. */
export async function unmarkAllReady(db: Db, userId: number): Promise<void> {
  await db.update(images).set({ isReady: false }).where(eq(images.userId, userId))
}

/** Ready or not, at most `limit`. */
export async function listOf(db: Db, userId: number, limit: number): Promise<string[]> {
  const rows = await db.select({ id: images.id }).from(images).where(eq(images.userId, userId)).limit(limit)
  return rows.map(({ id }) => id)
}

export async function deleteUnready(db: Db, id: string): Promise<void> {
  await db.delete(images).where(and(eq(images.id, id), eq(images.isReady, false)))
}

/** At most `limit` of those that were begun before. */
export async function listUnready(db: Db, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: images.id })
    .from(images)
    .where(and(eq(images.isReady, false), lt(images.createdAt, before)))
    .limit(limit)
  return rows.map(({ id }) => id)
}

export async function findReady(db: Db, userId: number, id: string): Promise<Image | null> {
  const [row] = await db.select(columns).from(images).where(isOwn(userId, id))
  return row === undefined ? null : toImage(row)
}

/** The newest first, which their ids tell. */
export async function listReady(
  db: Db,
  userId: number,
  { before, limit }: { before: string | null; limit: number },
): Promise<Image[]> {
  const beyond = before === null ? undefined : lt(images.id, before)
  const rows = await db
    .select(columns)
    .from(images)
    .where(and(eq(images.userId, userId), eq(images.isReady, true), beyond))
    .orderBy(desc(images.id))
    .limit(limit)
  return rows.map(toImage)
}

function isOwn(userId: number, id: string) {
  return and(eq(images.id, id), eq(images.userId, userId), eq(images.isReady, true))
}

function toImage(row: Omit<Image, 'contentType'> & { contentType: string }): Image {
  return { ...row, contentType: row.contentType as ImageType } // written by us alone
}
