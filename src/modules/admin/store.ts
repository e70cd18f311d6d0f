import { and, eq, getTableColumns, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { auditLog, invites } from '../../db/admin-tables.ts'
import type { Db } from '../../db/db.ts'
import { models, providerKeys } from '../../db/model-tables.ts'
import { rowsOf } from '../../db/rows.ts'
import { holds, isAfter, orderBy, type Sorting } from '../../db/sorting.ts'
import { users } from '../../db/tables.ts'
import { topUpCodes } from '../../db/usage-tables.ts'
import type { Order, Position } from '../../lib/sorted-page.ts'

export type ActRow = typeof auditLog.$inferInsert

export async function insertAct(db: Db, act: ActRow): Promise<void> {
  await db.insert(auditLog).values(act)
}

export type RecordedAct = Omit<typeof auditLog.$inferSelect, 'actorId'> & {
  /** null: the command line, or somebody whose account is gone. */
  actorUid: string | null
  /** What the thing is called now; null: it is gone, or has no name. */
  targetName: string | null
}

export interface ActFilter {
  action: string | null
  targetId: string | null
  actorUid: string | null
  /** Part of a name, an address or a number, or the whole id, of who did it and of what it was done to. */
  actor: string | null
  target: string | null
}

/** By time. */
export type ActOrder = Order<'created'>

export async function listActs(
  db: Db,
  { action, targetId, actorUid, actor, target }: ActFilter,
  { order, after, limit }: { order: ActOrder; after: Position | null; limit: number },
): Promise<RecordedAct[]> {
  const { actorId: _, ...columns } = getTableColumns(auditLog)
  const sorting: Sorting = { ...byTime, isDescending: order.isDescending }
  return db
    .select({ ...columns, actorUid: users.uid, targetName })
    .from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.actorId))
    .where(
      and(
        isAfter(sorting, after),
        action === null ? undefined : eq(auditLog.action, action),
        targetId === null ? undefined : eq(auditLog.targetId, targetId),
        actorUid === null ? undefined : eq(users.uid, actorUid),
        actor === null ? undefined : isBy(actor),
        target === null ? undefined : isOf(db, target),
      ),
    )
    .orderBy(orderBy(sorting))
    .limit(limit)
}

const { targetId, targetType } = auditLog
const targetUuid = sql`case when ${targetId} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${targetId}::uuid end`
const targetName = sql<string | null>`case ${targetType}
  when 'user' then (select coalesce(t.email, t.username, t.phone) from ${users} t where t.uid = ${targetId})
  when 'model' then (select t.name from ${models} t where t.model_id = ${targetId})
  when 'provider_key' then (select t.name from ${providerKeys} t where t.id = ${targetUuid})
  when 'invite' then (select coalesce(t.note, '…' || t.hint) from ${invites} t where t.id = ${targetUuid})
  when 'top_up_code' then (select coalesce(t.note, '…' || t.ending) from ${topUpCodes} t where t.id = ${targetUuid})
end`

const byTime = { key: 'none', id: { of: auditLog.id, type: 'uuid' } } as const

/** As whoever did it was called then, or is now. */
function isBy(actor: string): SQL | undefined {
  return or(isPerson(actor), holds(actor, [auditLog.actorName]))
}

/** As the thing is called now, or ever was in what was changed of it: it may be gone. */
function isOf(db: Db, target: string): SQL | undefined {
  const other = alias(auditLog, 'other')
  const is = (type: string, ids: SQLWrapper) => and(eq(targetType, type), sql`${targetId} in ${ids}`)
  const named = ['name', 'email', 'username', 'note'].flatMap((name) => [
    sql`${other.before} ->> ${name}`,
    sql`${other.after} ->> ${name}`,
  ])
  const wereCalledSo = db
    .select({ type: other.targetType, id: other.targetId })
    .from(other)
    .where(holds(target, named))
  return or(
    holds(target, [targetId]),
    sql`(${targetType}, ${targetId}) in ${wereCalledSo}`,
    is('user', db.select({ id: users.uid }).from(users).where(isPerson(target))),
    is(
      'model',
      db
        .select({ id: models.modelId })
        .from(models)
        .where(holds(target, [models.name, models.upstream])),
    ),
    is(
      'provider_key',
      db
        .select({ id: sql`${providerKeys.id}::text` })
        .from(providerKeys)
        .where(holds(target, [providerKeys.name, providerKeys.lastFour])),
    ),
  )
}

function isPerson(text: string): SQL | undefined {
  const { uid, email, username, displayName, phone } = users
  return or(eq(uid, text), holds(text, [email, username, displayName, phone]))
}

/** `15.8 (Debian 15.8-0+deb12u1)`. */
export async function findDatabaseVersion(db: Db): Promise<string> {
  const result = await db.execute(sql`select current_setting('server_version') as version`)
  return rowsOf<{ version: string }>(result)[0]?.version ?? ''
}
