import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { invites } from '../../db/admin-tables.ts'
import type { Db } from '../../db/db.ts'
import { type HandedOutFilter, type HandedOutSort, handedOutSorting, isWanted } from '../../db/handed-out.ts'
import { isAfter, orderBy, placeOf } from '../../db/sorting.ts'
import type { Order, Position } from '../../lib/sorted-page.ts'

export type InviteOrder = Order<HandedOutSort>
export type Invite = Omit<typeof invites.$inferSelect, 'codeHash'>

const columns = {
  id: invites.id,
  hint: invites.hint,
  note: invites.note,
  maxUses: invites.maxUses,
  uses: invites.uses,
  expiresAt: invites.expiresAt,
  createdAt: invites.createdAt,
}

export async function insertInvite(db: Db, row: typeof invites.$inferInsert): Promise<Invite> {
  const [inserted] = await db.insert(invites).values(row).returning(columns)
  if (inserted === undefined) throw new Error('the new invitation was not returned')
  return inserted
}

/** With what each was sorted by. */
export function listInvites(
  db: Db,
  filter: HandedOutFilter,
  { order, after, limit, now }: { order: InviteOrder; after: Position | null; limit: number; now: Date },
): Promise<(Invite & { at: string })[]> {
  const sorting = handedOutSorting(order, invites, {})
  return db
    .select({ ...columns, at: placeOf(sorting) })
    .from(invites)
    .where(and(isAfter(sorting, after), isWanted(filter, { ...invites, ending: invites.hint }, now)))
    .orderBy(orderBy(sorting))
    .limit(limit)
}

export async function deleteInvite(db: Db, id: string): Promise<Invite | null> {
  const [row] = await db.delete(invites).where(eq(invites.id, id)).returning(columns)
  return row ?? null
}

const isGood = (codeHash: string, now: Date) =>
  and(
    eq(invites.codeHash, codeHash),
    lt(invites.uses, invites.maxUses),
    or(isNull(invites.expiresAt), gt(invites.expiresAt, now)),
  )

export async function isInviteGood(db: Db, codeHash: string, now: Date): Promise<boolean> {
  const rows = await db.select({ id: invites.id }).from(invites).where(isGood(codeHash, now))
  return rows.length > 0
}

/** Uses it once. False: there is no such invitation any more. */
export async function takeInvite(db: Db, codeHash: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(invites)
    .set({ uses: sql`${invites.uses} + 1` })
    .where(isGood(codeHash, now))
    .returning({ id: invites.id })
  return rows.length > 0
}
