import { logInVisitor } from './account.ts'
import { type Figure, median } from './figure.ts'
import { startBareServer } from './programs.ts'
import { startOnServices } from './service.ts'
import { type Measured, measure, runWrk } from './wrk.ts'

const rounds = 4

/** `/auth/me` of somebody who is logged in, and a bare server that answers the like, in turns. */
export async function authMe(): Promise<Figure[]> {
  const service = await startOnServices()
  const bare = await startBareServer()
  const shape = { seconds: 3, connections: 32 }
  const me = { ...shape, url: `${service.url}/auth/me`, headers: { Cookie: await logInVisitor(service.url) } }
  const json = { ...shape, url: `http://127.0.0.1:${bare.port}/` }
  await runWrk({ ...json, seconds: 1 })
  await runWrk({ ...me, seconds: 2 })
  const byService: Measured[] = []
  const byBare: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    byBare.push(await measure(bare, json))
    byService.push(await measure(service, me))
  }
  await service.stop()
  await bare.stop()
  return [
    {
      what: '/auth/me',
      measured: median(byService.map(({ perSecond }) => perSecond)),
      unit: '/s',
      reference: { what: 'bare Bun.serve', measured: median(byBare.map(({ perSecond }) => perSecond)) },
      goal: { is: 'at least', limit: 0.3, of: 'ratio' },
    },
    {
      what: '/auth/me, CPU time for 1,000 answers',
      measured: median(byService.map(({ cpuOfThousand }) => cpuOfThousand)) * 1000,
      unit: 'ms',
      reference: {
        what: 'bare Bun.serve',
        measured: median(byBare.map(({ cpuOfThousand }) => cpuOfThousand)) * 1000,
      },
    },
  ]
}
