import { sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { enterInLedger, type LedgerRow } from '../../db/ledger.ts'
import { rowsOf } from '../../db/rows.ts'

interface Notes {
  /** Ids of calls to be forgotten. */
  over: string[]
  instanceId: string
  /** What the ledger is to say of the others should this instance die. */
  fresh: LedgerRow[]
  /** The same, newer, of some that were noted before. Who has been entered or forgotten meanwhile stays so. */
  further: LedgerRow[]
}

export async function forgetAndNote(db: Db, { over, instanceId, fresh, further }: Notes): Promise<void> {
  await db.execute(sql`
    with over as (delete from calls_under_way where ${isOneOf(over)}),
      further as (
        update calls_under_way as noted set entry = newer.entry from ${entriesOf(further)} as newer
        where noted.id = newer.id)
    insert into calls_under_way (id, instance_id, entry)
    select id, ${instanceId}::uuid, entry from ${entriesOf(fresh)} as noted
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

function entriesOf(rows: LedgerRow[]) {
  return sql`(select (entry ->> 'id')::uuid as id, entry
    from jsonb_array_elements(${JSON.stringify(rows)}::text::jsonb) as entry)`
}
