import { eq, sql } from 'drizzle-orm'
import { instances } from '../../db/chat-tables.ts'
import type { Db } from '../../db/db.ts'
import { rowsOf } from '../../db/rows.ts'

/** Says that this process lives, by the database's clock. */
export async function beat(db: Db, instanceId: string): Promise<void> {
  await db
    .insert(instances)
    .values({ id: instanceId, heartbeatAt: sql`now()` })
    .onConflictDoUpdate({ target: instances.id, set: { heartbeatAt: sql`now()` } })
}

export async function deleteInstance(db: Db, instanceId: string): Promise<void> {
  await db.delete(instances).where(eq(instances.id, instanceId))
}

/** Instances that have been silent for so long and run nothing. */
export async function deleteDeadInstances(db: Db, silentSeconds: number): Promise<void> {
  await db.execute(sql`
    delete from instances i where i.heartbeat_at < now() - make_interval(secs => ${silentSeconds})
      and not exists (select 1 from turns t where t.instance_id = i.id and t.state = 'running')`)
}

/** Answers being generated, by anybody, and how many other instances have lately said that they live. */
export async function countRunning(
  db: Db,
  instanceId: string,
  silentSeconds: number,
): Promise<{ turns: number; others: number }> {
  const result = await db.execute(sql`
    select (select count(*)::integer from turns where state = 'running') as turns,
      (select count(*)::integer from instances where id <> ${instanceId}::uuid
        and heartbeat_at >= now() - make_interval(secs => ${silentSeconds})) as others`)
  const [row] = rowsOf<{ turns: number; others: number }>(result)
  if (row === undefined) throw new Error('a sum without a row')
  return row
}
