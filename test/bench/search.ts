import { sql } from 'drizzle-orm'
import { loadConfig } from '../../src/config.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { rowsOf } from '../../src/db/rows.ts'
import { createLog } from '../../src/lib/log.ts'
import { formatTerms, termsOf } from '../../src/modules/conversations/search-terms.ts'
import type { Binary } from '../support/binary.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { type Figure, quantile } from './figure.ts'
import { fill, tokensOf } from './people.ts'
import { addLibrary, type Run, type Size, wishes } from './search-library.ts'
import { createTexts } from './search-texts.ts'
import { servicesEnv, startWith } from './service.ts'

const sessionId = '0199d0b0-0000-7000-8000-000000000001'

/** Of somebody to whom a tenth of all messages belongs. */
export async function search(): Promise<Figure[]> {
  const smallLibrary = await onServices({ messages: 10_000, own: 1000 })
  const largeLibrary = await onServices({ messages: 1_000_000, own: 100_000 })
  const [small = [], large = []] = await measure([smallLibrary, largeLibrary])
  const [embedded = []] = await measure([await onEmbedded({ messages: 20_000, own: 20_000 })])
  const goal = { is: 'at most', limit: 100, of: 'value' } as const
  const p50 = (times: number[]) => ({ what: 'p50', measured: quantile(times, 0.5) })
  const p95 = (times: number[]) => quantile(times, 0.95)
  return [
    {
      what: 'search, 1,000,000 messages, p95',
      measured: p95(large),
      unit: 'ms',
      reference: p50(large),
      goal,
    },
    {
      what: 'search, 1,000,000 messages, p95',
      measured: p95(large),
      unit: 'ms',
      reference: { what: 'of 10,000', measured: p95(small) },
      goal: { is: 'at most', limit: 2, of: 'ratio' },
    },
    {
      what: 'search, embedded, 20,000 of one',
      measured: p95(embedded),
      unit: 'ms',
      reference: p50(embedded),
      goal,
    },
    termsFigure(),
  ]
}

interface Library {
  service: Binary
  env: Record<string, string>
}

async function onServices(size: Size): Promise<Library> {
  const env = await servicesEnv()
  const service = await startWith(env)
  await fill(env, async (transaction) => {
    const run: Run = async (text, param) => transaction.unsafe(text, param === undefined ? [] : [param])
    await run(`set local session_replication_role = replica`)
    await run(`set local maintenance_work_mem = '1GB'`)
    const [{ indexdef } = { indexdef: '' }] = await transaction.unsafe<{ indexdef: string }[]>(
      `select indexdef from pg_indexes where indexname = 'messages_search'`,
    )
    await run('drop index messages_search')
    await addLibrary(run, size)
    await run(indexdef)
    await logIn(run)
  })
  return { service, env }
}

async function onEmbedded(size: Size): Promise<Library> {
  const env = { DATA_DIR: tempFolder('data'), SECRET_KEY: 'only for the length of a bench' }
  const { db, close } = await openDatabase(loadConfig(env), createLog('silent'))
  await migrate(db)
  const run: Run = async (text, param) => {
    const [before = '', after] = text.split('$1')
    const query = after === undefined ? sql.raw(text) : sql`${sql.raw(before)}${param}${sql.raw(after)}`
    return rowsOf(await db.execute(query))
  }
  await addLibrary(run, size)
  // The start makes an account of its own for the first administrator.
  await run(`select setval(pg_get_serial_sequence('users', 'id'), (select max(id) from users))`)
  await logIn(run)
  await close()
  return { service: await startWith(env), env }
}

function logIn(run: Run): Promise<unknown> {
  return run(`insert into sessions (id, user_id, ip, expires_at)
    values ('${sessionId}', 1, '127.0.0.1', now() + interval '1 day')`)
}

/** The times of each, asked in turns: what disturbs one disturbs the others as well. Ends the services. */
async function measure(libraries: Library[]): Promise<number[][]> {
  const askers = await Promise.all(libraries.map(askerOf))
  const queries = wishes()
  for (const q of queries.slice(0, 50)) for (const ask of askers) await ask(q)
  const times: number[][] = askers.map(() => [])
  let found = 0
  for (const q of queries) {
    for (const [at, ask] of askers.entries()) {
      const answer = await ask(q)
      times[at]?.push(answer.ms)
      found += answer.found
    }
  }
  if (found === 0) throw new Error('nothing was found')
  for (const { service } of libraries) await service.stop()
  return times
}

async function askerOf({ service, env }: Library) {
  const [person] = await tokensOf(env, [{ uid: '000000000001', sessionId, conversationIds: [] }])
  const headers = { Authorization: `Bearer ${person?.token}` }
  return async (q: string) => {
    const begun = performance.now()
    const response = await fetch(`${service.url}/api/v1/search?q=${encodeURIComponent(q)}`, { headers })
    const text = await response.text()
    if (!response.ok) throw new Error(`${q}: ${response.status} ${text}`)
    return { ms: performance.now() - begun, found: (JSON.parse(text) as { items: unknown[] }).items.length }
  }
}

function termsFigure(): Figure {
  const texts = createTexts(1)
  const samples = Array.from({ length: 2000 }, () => texts.text(300))
  const times = samples.map((text) => {
    const begun = performance.now()
    formatTerms(termsOf(1, text))
    return performance.now() - begun
  })
  return {
    what: 'terms of a message, 300 words, p95',
    measured: quantile(times, 0.95),
    unit: 'ms',
    goal: { is: 'at most', limit: 1, of: 'value' },
  }
}
