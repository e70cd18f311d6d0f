import { type Figure, median, quantile } from './figure.ts'
import { startNginxProxy } from './nginx-proxy.ts'
import { addPeople, fill } from './people.ts'
import { type Program, startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv, startWith } from './service.ts'
import { loadTurns } from './turn-load.ts'
import { type Load, type Measured, measure, runWrk } from './wrk.ts'

const tokens = 256
const model = `tokens-${tokens}`
const perSecond = 300
const rounds = 4
const people = 20

const question = { model, messages: [{ role: 'user', content: 'hello' }], stream: true }
const path = '/v1/chat/completions'

/** Whole answers a second through /v1, beside nginx's `proxy_pass` to the same upstream; and what it adds to each. */
export async function gateway(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const nginx = await startNginxProxy(upstream.port)
  const env = { ...(await servicesEnv()), ...modelEnv(upstream.port, model), ...limits }
  const service = await startWith(env)
  const keys = await keysOf(service.url, env)
  const asks = keys.map((token) => ({ path, token }))
  const load = { body: question, asks, seconds: 4, connections: 32 }
  const throughNginx = { ...load, url: `http://127.0.0.1:${nginx.port}${path}` }
  const throughService = { ...load, url: `${service.url}${path}` }
  await runWrk({ ...throughNginx, seconds: 2 })
  await runWrk({ ...throughService, seconds: 3 })
  const byNginx: Measured[] = []
  const byService: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    byNginx.push(await measureWhole(nginx, throughNginx))
    byService.push(await measureWhole(service, throughService))
  }
  const byUpstream: number[] = []
  const throughAll: number[] = []
  for (let round = 0; round < rounds; round++) {
    byUpstream.push(...(await firstWords(upstream.port, keys)))
    throughAll.push(...(await firstWords(service.port, keys)))
  }
  for (const server of [service, nginx, upstream]) await server.stop()
  const figure = (name: string, share: number, limit: number): Figure => {
    const ofUpstream = quantile(byUpstream, share)
    return {
      what: `/v1, added to the first word at ${perSecond} requests/s, ${name}`,
      measured: quantile(throughAll, share) - ofUpstream,
      unit: 'ms',
      reference: { what: 'the upstream’s', measured: ofUpstream },
      goal: { is: 'at most', limit, of: 'value' },
    }
  }
  return [
    {
      what: `/v1, streams of ${tokens} tokens`,
      measured: median(byService.map((one) => one.perSecond)),
      unit: '/s',
      reference: { what: 'nginx', measured: median(byNginx.map((one) => one.perSecond)) },
      goal: { is: 'at least', limit: 0.45, of: 'ratio' },
    },
    {
      what: 'CPU time of 1,000 such streams',
      measured: median(byService.map((one) => one.cpuOfThousand)),
      unit: 's',
      reference: { what: 'nginx', measured: median(byNginx.map((one) => one.cpuOfThousand)) },
    },
    figure('p50', 0.5, 1.5),
    figure('p99', 0.99, 15),
  ]
}

/** A key has its limit, as everybody's has. */
const limits = { LIMIT_GATEWAY_KEY: '1000000/60' }

/** Of so many people, in a plan with limits that are looked at and never reached. */
async function keysOf(origin: string, env: Record<string, string>): Promise<string[]> {
  const persons = await addPeople(env, { people, conversationsEach: 1 })
  await fill(env, async (sql) => {
    await sql`insert into plans (name, limits) values ('bench', ${sql.json(plan)})`
    await sql`update users set plan = 'bench'`
  })
  return Promise.all(persons.map(({ token }) => keyOf(origin, token)))
}

const plan = { requests_day: 1e9, tokens_day: 1e12, requests_month: 1e9, tokens_month: 1e12 }

async function keyOf(origin: string, token: string): Promise<string> {
  const response = await fetch(`${origin}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench' }),
  })
  if (response.status !== 201) throw new Error(`keys: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { key: string }).key
}

async function measureWhole(server: Program, load: Load): Promise<Measured> {
  const measured = await measure(server, load)
  // Each token is a chunk of more than 150 bytes: a short answer would count for a whole one.
  if (measured.bytesPerAnswer < tokens * 150) {
    throw new Error(`${measured.bytesPerAnswer} bytes an answer: not all is there`)
  }
  return measured
}

async function firstWords(port: number, keys: string[]): Promise<number[]> {
  const questions = Array.from({ length: perSecond * 4 }, (_, at) => ({
    path,
    token: keys[at % keys.length] ?? '',
    body: question,
  }))
  return (await loadTurns({ port, questions, perSecond, followersEach: 0 }).tally).firstWordMs
}
