import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { enterInLedger, type LedgerRow } from '../../db/ledger.ts'
import { rowsOf } from '../../db/rows.ts'

interface Notes {
  /** Ids of calls to be forgotten. */
  over: string[]
  instanceId: string
  /** What the ledger is to say of the others should this instance die. */
  rows: LedgerRow[]
}

export async function forgetAndNote(db: Db, { over, instanceId, rows }: Notes): Promise<void> {
  await db.execute(sql`
    with over as (delete from calls_under_way where ${isOneOf(over)})
    insert into calls_under_way (id, instance_id, entry)
    select (entry ->> 'id')::uuid, ${instanceId}::uuid, entry
    from jsonb_array_elements(${JSON.stringify(rows)}::text::jsonb) as entry
    on conflict do nothing`)
}

/** Those of instances that have been silent for so long, at most `limit`; another instance may find the same. */
export async function listAbandonedCalls(
  db: Db,
  { instanceId, silentSeconds, limit }: { instanceId: string; silentSeconds: number; limit: number },
): Promise<LedgerRow[]> {
  const result = await db.execute(sql`
    select c.entry from calls_under_way c
    where c.instance_id <> ${instanceId}::uuid
      and not exists (select 1 from instances i where i.id = c.instance_id
        and i.heartbeat_at > now() - make_interval(secs => ${silentSeconds}))
    limit ${limit}`)
  return rowsOf<{ entry: LedgerRow }>(result).map(({ entry }) => entry)
}

/** Those that the ledger has already stay as they are there. */
export async function enterAbandoned(db: Db, rows: LedgerRow[], timezone: string): Promise<void> {
  await db.execute(sql`
    with over as (delete from calls_under_way where ${isOneOf(rows.map(({ id }) => id))})
    ${enterInLedger(rows, timezone)}`)
}

function isOneOf(ids: string[]) {
  return sql`id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`
}
