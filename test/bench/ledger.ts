import type postgres from 'postgres'
import { uidOf } from './people.ts'

/** So many rows within a year, of so many people with so many keys each. */
const rows = 10_000_000
const people = 2000
const keysEach = 5

/** The one to whom a hundredth of all rows belongs, and an administrator. */
export const [busiest, admin] = [0, people]

/** SQL: a person's k-th key. */
export function keyOf(person: string, k: string): string {
  return `(lpad(to_hex(${person} * ${keysEach} + ${k}), 12, '0') || '70008000000000000001')::uuid`
}

/**
 * The ledger as it would be after a year: people come for five calls to one model, and go. The sums are made of it as
 * the triggers make them, in the order in which they would have come, those of days that are over in one part.
 */
export async function addLedger(sql: postgres.TransactionSql): Promise<void> {
  await sql.unsafe(`set local session_replication_role = replica`)
  await sql.unsafe(`set local work_mem = '1GB'`)
  await sql.unsafe(`set local maintenance_work_mem = '1GB'`)
  await sql.unsafe(`insert into users (id, uid, email, role) overriding system value
    select n, ${uidOf('n')}, 'bench' || n || '@example.com', case when n = ${admin} then 'admin' else 'user' end
    from generate_series(0, ${people}) n`)
  await sql.unsafe(`insert into api_keys (id, user_id, name, key_hash, ending, scopes)
    select ${keyOf('n', 'k')}, n, 'Program ' || k, md5(n || ' ' || k), 'last', '["chat"]'
    from generate_series(0, ${people - 1}) n, generate_series(0, ${keysEach - 1}) k`)
  await withoutIndexes(sql, 'usage_events', () => sql.unsafe(events))
  await sql.unsafe(ofPeople)
  await withoutIndexes(sql, 'usage_sums', () => sql.unsafe(all))
  await sql.unsafe(totals)
}

const chance = (seed: number) => `(hashint8extended(s, ${seed}) & 65535)`

/** Half of the visits are by a key. `offset 0`: what they have in common is not computed for each column. */
const events = `
  insert into usage_events (id, user_id, key_id, kind, model, provider, prompt_tokens, cached_tokens,
    completion_tokens, is_estimated, cost_micros, time_to_first_token_ms, duration_ms, outcome, created_at, local_at)
  select (lpad(to_hex(1700000000000 + n), 12, '0') || '70008000000000000000')::uuid, person,
    case when k < ${keysEach} then ${keyOf('person', 'k')} end, case when k < ${keysEach} then 'call' else 'turn' end,
    'p' || m % 4 || '/model-' || m, 'p' || m % 4, 100 + n % 900, n % 100, 50 + n % 500, n % 20 = 0, n % 5000,
    200 + n % 400, 1000 + n % 9000, case when n % 50 = 0 then 'failed' else 'complete' end, at, at at time zone 'UTC'
  from (
    select n, now() - interval '1 year' * (1 - n / ${rows}::float8) as at,
      case when s % 100 = 0 then ${busiest} else 1 + ${chance(1)} % ${people - 1} end as person,
      ${chance(2)} % 12 as m, ${chance(3)} % ${2 * keysEach} as k
    from (select n, n / 5 as s from generate_series(1, ${rows}) n) numbers offset 0
  ) visits`

const names = `calls, failed, estimated, prompt_tokens, cached_tokens, completion_tokens, cost_micros, duration_ms,
  first_token_ms, first_tokens`
const sums = names.replace(/\w+/g, 'sum($&)')

const ofPeople = `
  create temporary table own on commit drop as
  select user_id, local_at::date as day, extract(hour from local_at)::smallint as hour, key_id, kind, model, provider,
    count(*) as calls, count(*) filter (where outcome = 'failed') as failed,
    count(*) filter (where is_estimated) as estimated, sum(prompt_tokens) as prompt_tokens,
    sum(cached_tokens) as cached_tokens, sum(completion_tokens) as completion_tokens, sum(cost_micros) as cost_micros,
    sum(duration_ms) as duration_ms, sum(time_to_first_token_ms) as first_token_ms,
    count(time_to_first_token_ms) as first_tokens
  from usage_events group by 1, 2, 3, 4, 5, 6, 7`

const part = `case when day < (now() at time zone 'UTC')::date - 1 then 1 else 1 + user_id % 8 end`
const all = `
  insert into usage_sums (shard, user_id, day, hour, key_id, kind, model, provider, ${names})
  select * from (
    select 0, user_id, day, hour, key_id, kind, model, provider, ${names} from own
    union all
    select ${part}, null, day, hour, null, kind, model, provider, ${sums} from own group by 1, day, hour, kind, model, provider
    union all
    select 8 + ${part}, null, day, 0, null, kind, model, provider, ${sums} from own group by 1, day, kind, model, provider
  ) as every order by day, hour`

const totals = `
  insert into usage_totals (user_id, key_id, provider, ${names})
  select user_id, key_id, provider, ${sums} from own group by 1, 2, 3`

/** To make them at the end takes a fraction of the time. */
async function withoutIndexes(
  sql: postgres.TransactionSql,
  table: string,
  work: () => PromiseLike<unknown>,
): Promise<void> {
  const constraints = await sql.unsafe<{ name: string; definition: string }[]>(`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = '${table}'::regclass and contype in ('p', 'u')`)
  for (const { name } of constraints) await sql.unsafe(`alter table ${table} drop constraint ${name}`)
  const indexes = await sql.unsafe<{ indexname: string; indexdef: string }[]>(
    `select indexname, indexdef from pg_indexes where tablename = '${table}'`,
  )
  for (const { indexname } of indexes) await sql.unsafe(`drop index ${indexname}`)
  await work()
  for (const { indexdef } of indexes) await sql.unsafe(indexdef)
  for (const { name, definition } of constraints) {
    await sql.unsafe(`alter table ${table} add constraint ${name} ${definition}`)
  }
}
