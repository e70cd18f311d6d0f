import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { type HandedOutFilter, type HandedOutSort, handedOutSorting, isWanted } from '../../db/handed-out.ts'
import { rowsOf } from '../../db/rows.ts'
import { isAfter, numberKey, orderBy, placeOf } from '../../db/sorting.ts'
import { balanceEntries, topUpCodes } from '../../db/usage-tables.ts'
import type { Order, Position } from '../../lib/sorted-page.ts'

export type CodeSort = HandedOutSort | 'worth'
export type CodeOrder = Order<CodeSort>
export type TopUpCode = Omit<typeof topUpCodes.$inferSelect, 'codeHash' | 'createdBy'>

/** 0 for whoever never had one. */
export async function findBalance(db: Db, userId: number): Promise<number> {
  const result = await db.execute(
    sql`select micros::float8 as micros from balances where user_id = ${userId}`,
  )
  return rowsOf<{ micros: number }>(result)[0]?.micros ?? 0
}

export interface Redemption {
  id: string
  userId: number
  codeHash: string
  now: Date
}

/** `redeemed`: by the same person, before. `none`: there is no such code, or nothing left of it. */
export type Redeemed = { micros: number; addedMicros: number } | 'redeemed' | 'none'

/** Once for each person and code, however many try at the same moment. */
export async function redeem(db: Db, { id, userId, codeHash, now }: Redemption): Promise<Redeemed> {
  const moment = sql`${now.toISOString()}::timestamptz`
  const result = await db.execute(sql`
    with code as (
      select id, micros from top_up_codes
      where code_hash = ${codeHash} and uses < max_uses and (expires_at is null or expires_at > ${moment}) for update
    ), entry as (
      insert into balance_entries (id, user_id, micros, reason, code_id, created_at)
      select ${id}::uuid, ${userId}, micros, 'code', id, ${moment} from code
      on conflict do nothing returning code_id, micros
    ), counted as (
      update top_up_codes set uses = uses + 1 where id in (select code_id from entry)
    ), paid as (
      insert into balances as b (user_id, micros) select ${userId}, micros from entry
      on conflict (user_id) do update set micros = b.micros + excluded.micros returning b.micros
    )
    select (select micros from paid)::float8 as micros, (select micros from entry)::float8 as "addedMicros",
      exists (select 1 from top_up_codes t join balance_entries e on e.code_id = t.id
        where t.code_hash = ${codeHash} and e.user_id = ${userId}) as "wasThere"`)
  const [row] = rowsOf<{ micros: number | null; addedMicros: number | null; wasThere: boolean }>(result)
  if (row?.micros != null && row.addedMicros !== null)
    return { micros: row.micros, addedMicros: row.addedMicros }
  return row?.wasThere ? 'redeemed' : 'none'
}

/** Returns what the balance is then. */
export async function grant(
  db: Db,
  { id, userId, micros, now }: { id: string; userId: number; micros: number; now: Date },
): Promise<number> {
  const result = await db.execute(sql`
    with entry as (
      insert into balance_entries (id, user_id, micros, reason, created_at)
      values (${id}::uuid, ${userId}, ${micros}, 'grant', ${now.toISOString()}::timestamptz)
    )
    insert into balances as b (user_id, micros) values (${userId}, ${micros})
    on conflict (user_id) do update set micros = b.micros + excluded.micros returning b.micros::float8 as micros`)
  return rowsOf<{ micros: number }>(result)[0]?.micros ?? 0
}

const columns = {
  id: topUpCodes.id,
  ending: topUpCodes.ending,
  micros: topUpCodes.micros,
  maxUses: topUpCodes.maxUses,
  uses: topUpCodes.uses,
  note: topUpCodes.note,
  createdAt: topUpCodes.createdAt,
  expiresAt: topUpCodes.expiresAt,
  withdrawnAt: topUpCodes.withdrawnAt,
}

export function insertCodes(db: Db, codes: (typeof topUpCodes.$inferInsert)[]): Promise<TopUpCode[]> {
  return db.insert(topUpCodes).values(codes).returning(columns)
}

/** With what each was sorted by. */
export function listCodes(
  db: Db,
  filter: HandedOutFilter,
  { order, after, limit, now }: { order: CodeOrder; after: Position | null; limit: number; now: Date },
): Promise<(TopUpCode & { at: string })[]> {
  const sorting = handedOutSorting(order, topUpCodes, { worth: numberKey(sql`${topUpCodes.micros}`) })
  return db
    .select({ ...columns, at: placeOf(sorting) })
    .from(topUpCodes)
    .where(and(isAfter(sorting, after), isWanted(filter, topUpCodes, now)))
    .orderBy(orderBy(sorting))
    .limit(limit)
}

/** Nobody redeems it any more; what it has paid stays. */
export async function endCode(db: Db, id: string, now: Date): Promise<TopUpCode | null> {
  const moment = sql`${now.toISOString()}::timestamptz`
  const [row] = await db
    .update(topUpCodes)
    .set({
      expiresAt: sql`least(${topUpCodes.expiresAt}, ${moment})`,
      withdrawnAt: sql`coalesce(${topUpCodes.withdrawnAt}, ${moment})`,
    })
    .where(and(eq(topUpCodes.id, id)))
    .returning(columns)
  return row ?? null
}

export interface BalanceEntry {
  id: string
  micros: number
  reason: 'code' | 'usage' | 'grant'
  createdAt: Date
}

/** The newest first, those before `beforeId`. */
export function listEntries(
  db: Db,
  userId: number,
  { beforeId, limit }: { beforeId: string | null; limit: number },
): Promise<BalanceEntry[]> {
  const { id, micros, reason, createdAt } = balanceEntries
  return db
    .select({ id, micros, reason, createdAt })
    .from(balanceEntries)
    .where(and(eq(balanceEntries.userId, userId), beforeId === null ? undefined : lt(id, beforeId)))
    .orderBy(desc(id))
    .limit(limit)
}
