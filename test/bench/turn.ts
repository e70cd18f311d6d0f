import { type Figure, median } from './figure.ts'
import { addPeople, fill, type Person } from './people.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv, startWith } from './service.ts'
import { questionsOf } from './turn-load.ts'
import { type Measured, measure, runWrk } from './wrk.ts'

const tokens = 256
const rounds = 5
const questionsARound = 2500
const shape = { seconds: 4, connections: 32 }

/** Whole turns, each of another conversation: with Redis and without, in turns. */
export async function turn(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const model = modelEnv(upstream.port, `tokens-${tokens}`)
  const withRedis = await startTrial(model)
  const alone = await startTrial(model, 'REDIS_URL')
  const limited = await startTrial({ ...model, DEFAULT_PLAN: 'free' })
  const byBoth: Measured[] = []
  const byAlone: Measured[] = []
  const byLimited: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    byAlone.push(await alone.measureRound())
    byBoth.push(await withRedis.measureRound())
    byLimited.push(await limited.measureRound())
  }
  await withRedis.stop()
  await alone.stop()
  await limited.stop()
  await upstream.stop()
  const cpuMs = (measured: Measured[]) => median(measured.map(({ cpuOfThousand }) => cpuOfThousand))
  const perSecond = (measured: Measured[]) => median(measured.map((one) => one.perSecond))
  return [
    {
      what: `turns of ${tokens} tokens`,
      measured: perSecond(byBoth),
      unit: '/s',
      reference: { what: 'without Redis', measured: perSecond(byAlone) },
      goal: { is: 'at least', limit: 200, of: 'value' },
    },
    {
      what: 'CPU time of a turn',
      measured: cpuMs(byBoth),
      unit: 'ms',
      goal: { is: 'at most', limit: 4, of: 'value' },
    },
    {
      what: 'CPU time of a turn, under a plan',
      measured: cpuMs(byLimited),
      unit: 'ms',
      reference: { what: 'without limits', measured: cpuMs(byBoth) },
      goal: { is: 'at most', limit: 1.15, of: 'ratio' },
    },
    {
      what: 'turns under a plan',
      measured: perSecond(byLimited),
      unit: '/s',
      reference: { what: 'without limits', measured: perSecond(byBoth) },
    },
    {
      what: 'CPU time of a turn, mirrored',
      measured: cpuMs(byBoth),
      unit: 'ms',
      reference: { what: 'without Redis', measured: cpuMs(byAlone) },
      goal: { is: 'at most', limit: 1.1, of: 'ratio' },
    },
  ]
}

async function startTrial(model: Record<string, string>, ...without: string[]) {
  const env: Record<string, string> = { ...(await servicesEnv()), ...model, MAX_TURNS_PER_USER: '0' }
  for (const name of without) delete env[name]
  const service = await startWith(env)
  const people = await addPeople(env, { people: 400, conversationsEach: 40 })
  // So wide that nobody reaches an end of it.
  await fill(env, (sql) =>
    sql.unsafe(
      `update plans set limits = '{"requests_day": 1000000, "tokens_month": 1000000000000}' where name = 'free'`,
    ),
  )
  let asked = 0
  const load = (people: Person[]) => {
    const asks = questionsOf(people, questionsARound, asked)
    asked += questionsARound
    return { ...shape, url: service.url, body: { content: 'And why is that?' }, asks }
  }
  await runWrk(load(people))
  return {
    async measureRound(): Promise<Measured> {
      const measured = await measure(service, load(people))
      // An answer that failed is shorter.
      if (measured.bytesPerAnswer < tokens * 6) {
        throw new Error(`${measured.bytesPerAnswer} bytes an answer: not all is there`)
      }
      return measured
    },
    stop: () => service.stop(),
  }
}
