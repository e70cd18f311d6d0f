import type { Binary } from '../support/binary.ts'
import { type Figure, quantile } from './figure.ts'
import { addLedger, admin, busiest, keyOf } from './ledger.ts'
import { fill, logInAll, type Person, tokensOf } from './people.ts'
import { servicesEnv, startWith } from './service.ts'

const tries = 60

/** What people and administrators see of a ledger of ten million rows, of which a hundred thousand are one person's. */
export async function statistics(): Promise<Figure[]> {
  const env = await servicesEnv()
  const service = await startWith(env)
  const { sessions, key } = await fill(env, async (sql) => {
    await addLedger(sql)
    const [{ key } = { key: '' }] = await sql.unsafe<{ key: string }[]>(
      `select ${keyOf(`${busiest}`, '0')} as key`,
    )
    return { sessions: await logInAll(sql), key }
  })
  const people = await tokensOf(env, sessions)
  const own = asker(service, people[busiest], '/api/v1/usage')
  const all = asker(service, people[admin], '/api/v1/admin/usage')
  const person = sessions[busiest]?.uid
  const [today, yearAgo] = [dayBefore(0), dayBefore(366)]
  const quarter = `from=${dayBefore(91)}&to=${today}`
  const ever = `from=${yearAgo}&to=${today}`
  const figures: Figure[] = []
  const asked: [string, Ask, string, number?][] = [
    ['own summary', own, 'summary'],
    ['own, by day', own, 'by-day'],
    ['own, by day of a year', own, `by-day?${ever}`],
    ['own, by model', own, 'by-model'],
    ['own, summary of a key', own, `summary?key_id=${key}`],
    ['own records', own, 'records'],
    ['summary of all', all, 'summary'],
    ['summary of one person', all, `summary?user_id=${person}`],
    ['summary of one key', all, `summary?key_id=${key}`],
    ['by day', all, 'by-day'],
    ['by day of a year', all, `by-day?${ever}`],
    ['by hour', all, 'by-hour'],
    ['by model', all, 'by-model'],
    ['by provider', all, 'by-provider'],
    // Of each person and key all sums of these days are read, some hundred thousand, or the totals.
    ['by user', all, 'by-user', 500],
    ['by key', all, 'by-key', 500],
    ['by user of 92 days', all, `by-user?${quarter}`, 1000],
    ['by user, of a year', all, `by-user?${ever}`, 200],
    ['by key, of a year', all, `by-key?${ever}`, 500],
    ['records of all', all, 'records'],
    ['records of one key', all, `records?key_id=${key}`],
  ]
  for (const [what, ask, path, most] of asked) figures.push(await figure(what, () => ask(path), most))
  await service.stop()
  return figures
}

type Ask = (path: string) => Promise<Answer>

interface Answer {
  items?: unknown[]
  total?: { calls: number }
}

function asker({ url }: Binary, person: Person | undefined, prefix: string): Ask {
  return async (path) => {
    const response = await fetch(`${url}${prefix}/${path}`, {
      headers: { authorization: `Bearer ${person?.token}` },
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const answer = (await response.json()) as Answer
    if (!answer.total?.calls && !answer.items?.length) throw new Error(`${path}: nothing is there`)
    return answer
  }
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

async function figure(what: string, ask: () => Promise<Answer>, most = 100): Promise<Figure> {
  for (let warming = 0; warming < 5; warming++) await ask()
  const times: number[] = []
  while (times.length < tries) {
    const begun = performance.now()
    await ask()
    times.push(performance.now() - begun)
  }
  return {
    what: `usage: ${what}, p95`,
    measured: quantile(times, 0.95),
    unit: 'ms',
    reference: { what: 'p50', measured: quantile(times, 0.5) },
    goal: { is: 'at most', limit: most, of: 'value' },
  }
}
