import { type Figure, median } from './figure.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv } from './service.ts'
import { buildTrial } from './trial-build.ts'
import { startTurnTrial, tokens } from './turn-trial.ts'

const rounds = 7

/** Whole turns on PostgreSQL and Redis, by the executable and by a build of it that mirrors no log, in turns. */
export async function mirroring(): Promise<Figure[]> {
  const path = buildTrial({
    file: 'src/modules/chat/jobs.ts',
    from: 'work: () => mirrorLogs(deps)',
    to: 'work: async () => void mirrorLogs',
  })
  const upstream = await startUpstreamProgram()
  const model = modelEnv(upstream.port, `tokens-${tokens}`)
  const mirrored = await startTurnTrial({ ...(await servicesEnv()), ...model })
  const unmirrored = await startTurnTrial({ ...(await servicesEnv()), ...model }, path)
  const cpuMirrored: number[] = []
  const cpuUnmirrored: number[] = []
  for (let round = 0; round < rounds; round++) {
    cpuUnmirrored.push((await unmirrored.measureRound()).cpuOfThousand)
    cpuMirrored.push((await mirrored.measureRound()).cpuOfThousand)
  }
  await mirrored.stop()
  await unmirrored.stop()
  await upstream.stop()
  return [
    {
      what: 'CPU time of a turn, mirrored',
      measured: median(cpuMirrored),
      unit: 'ms',
      reference: { what: 'not mirrored', measured: median(cpuUnmirrored) },
      goal: { is: 'at most', limit: 1.1, of: 'ratio' },
    },
  ]
}
