import { type Figure, quantile } from './figure.ts'
import { addPeople, type Person } from './people.ts'
import { cpuSeconds } from './process.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv, startWith } from './service.ts'
import { loadTurns, questionsOf } from './turn-load.ts'

const turns = 500
const tokensPerSecond = 20
const seconds = 30
const model = `tokens-${tokensPerSecond * seconds}-${1000 / tokensPerSecond}`
const askEveryMs = 20

/** How long another request takes while 500 answers stream, and while nothing does. */
export async function others(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const env = { ...(await servicesEnv()), ...modelEnv(upstream.port, model), MAX_TURNS_PER_USER: '0' }
  const service = await startWith(env)
  const people = await addPeople(env, { people: turns, conversationsEach: 1 })
  await timesOfMe(service.url, people, 2)
  const alone = await timesOfMe(service.url, people, 5)
  const load = loadTurns({
    port: service.port,
    questions: questionsOf(people, turns),
    // Spread over the pause between two tokens, as people ask: at 100 a second they would speak in five choirs.
    perSecond: 97,
    followersEach: 0,
  })
  await load.allOpen
  await Bun.sleep(1000)
  const before = cpuSeconds(service.pid)
  const begun = performance.now()
  const beside = await timesOfMe(service.url, people, 15)
  const busy = (cpuSeconds(service.pid) - before) / ((performance.now() - begun) / 1000)
  await load.tally
  await service.stop()
  await upstream.stop()
  const tokens = turns * tokensPerSecond
  return [
    {
      what: `/api/v1/users/me while ${turns} turns stream, p99`,
      measured: quantile(beside, 0.99),
      unit: 'ms',
      reference: { what: 'while none does', measured: quantile(alone, 0.99) },
      goal: { is: 'at most', limit: 20, of: 'value' },
    },
    {
      what: `CPU time for ${tokens.toLocaleString('en')} tokens, one by one`,
      measured: busy,
      unit: 's',
    },
  ]
}

async function timesOfMe(origin: string, people: Person[], seconds: number): Promise<number[]> {
  const times: number[] = []
  const asks: Promise<void>[] = []
  const startedAt = performance.now()
  for (let at = 0; at * askEveryMs < seconds * 1000; at++) {
    await Bun.sleep(Math.max(0, startedAt + at * askEveryMs - performance.now()))
    asks.push(askMe(origin, people[at % people.length] as Person, times))
  }
  await Promise.all(asks)
  return times
}

async function askMe(origin: string, { token }: Person, times: number[]): Promise<void> {
  const begun = performance.now()
  const response = await fetch(`${origin}/api/v1/users/me`, { headers: { Authorization: `Bearer ${token}` } })
  await response.text()
  if (!response.ok) throw new Error(`users/me: ${response.status}`)
  times.push(performance.now() - begun)
}
