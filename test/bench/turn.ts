import { type Figure, median } from './figure.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv } from './service.ts'
import { startTurnTrial, tokens } from './turn-trial.ts'
import type { Measured } from './wrk.ts'

const rounds = 5

/** Whole turns, each of another conversation: with Redis and without, in turns. */
export async function turn(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const model = modelEnv(upstream.port, `tokens-${tokens}`)
  const withRedis = await startTurnTrial({ ...(await servicesEnv()), ...model })
  const { REDIS_URL: _, ...withoutRedis } = await servicesEnv()
  const alone = await startTurnTrial({ ...withoutRedis, ...model })
  const limited = await startTurnTrial({ ...(await servicesEnv()), ...model, DEFAULT_PLAN: 'free' })
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
      what: 'CPU time of a turn, with all that Redis does',
      measured: cpuMs(byBoth),
      unit: 'ms',
      reference: { what: 'without Redis', measured: cpuMs(byAlone) },
    },
  ]
}
