import type { Figure } from './figure.ts'
import { addPeople } from './people.ts'
import { cpuSeconds, forgetPeak, peakMegabytes, residentMegabytes } from './process.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv, startWith } from './service.ts'
import { loadTurns, questionsOf } from './turn-load.ts'

const turns = 100
const followersEach = 49
const streams = turns * (1 + followersEach)
const tokens = 60
/** Two tokens a second: the speed at which people read. */
const model = `tokens-${tokens}-500`

/** Memory while 5,000 connections follow answers that are being made, each to its end. */
export async function followers(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const env = { ...(await servicesEnv()), ...modelEnv(upstream.port, model) }
  const service = await startWith({ ...env, MAX_TURNS_PER_USER: '0', MAX_READERS_PER_TURN: '0' })
  const people = await addPeople(env, { people: turns, conversationsEach: 1 })
  const idle = residentMegabytes(service.pid)
  forgetPeak(service.pid)
  const before = cpuSeconds(service.pid)
  const load = loadTurns({
    port: service.port,
    questions: questionsOf(people, turns),
    perSecond: 25,
    followersEach,
  })
  await load.allOpen
  const { whole, deltas } = await load.tally
  const cpu = cpuSeconds(service.pid) - before
  const megabytes = peakMegabytes(service.pid)
  await service.stop()
  await upstream.stop()
  if (whole !== streams || deltas !== streams * tokens) {
    throw new Error(`${whole} streams and ${deltas} words: not all is there`)
  }
  return [
    {
      what: `peak memory, ${streams.toLocaleString('en')} followers of live turns`,
      measured: megabytes,
      unit: 'MB',
      reference: { what: 'before them', measured: idle },
      goal: { is: 'at most', limit: 350, of: 'value' },
    },
    { what: 'CPU time of these followers', measured: cpu, unit: 's' },
  ]
}
