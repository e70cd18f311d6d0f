import { and, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm'
import { auditLog } from '../../db/admin-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'
import { users } from '../../db/tables.ts'

export type ActRow = typeof auditLog.$inferInsert

export async function insertAct(db: Db, act: ActRow): Promise<void> {
  await db.insert(auditLog).values(act)
}

export type RecordedAct = Omit<typeof auditLog.$inferSelect, 'actorId'> & {
  /** null: the command line, or somebody whose account is gone. */
  actorUid: string | null
}

export interface ActFilter {
  action: string | null
  targetId: string | null
  actorUid: string | null
}

/** The newest first, those before `beforeId`. */
export async function listActs(
  db: Db,
  { action, targetId, actorUid }: ActFilter,
  { beforeId, limit }: { beforeId: string | null; limit: number },
): Promise<RecordedAct[]> {
  const { actorId: _, ...columns } = getTableColumns(auditLog)
  return db
    .select({ ...columns, actorUid: users.uid })
    .from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.actorId))
    .where(
      and(
        beforeId === null ? undefined : lt(auditLog.id, beforeId),
        action === null ? undefined : eq(auditLog.action, action),
        targetId === null ? undefined : eq(auditLog.targetId, targetId),
        actorUid === null ? undefined : eq(users.uid, actorUid),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit)
}

/** `15.8 (Debian 15.8-0+deb12u1)`. */
export async function findDatabaseVersion(db: Db): Promise<string> {
  const result = await db.execute(sql`select current_setting('server_version') as version`)
  return rowsOf<{ version: string }>(result)[0]?.version ?? ''
}
