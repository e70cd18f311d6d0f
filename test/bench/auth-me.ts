import { logInVisitor } from './account.ts'
import { type Figure, median } from './figure.ts'
import { startBareServer } from './programs.ts'
import { startOnServices } from './service.ts'
import { runWrk } from './wrk.ts'

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
  const byService: number[] = []
  const byBare: number[] = []
  for (let round = 0; round < rounds; round++) {
    byBare.push((await runWrk(json)).perSecond)
    byService.push((await runWrk(me)).perSecond)
  }
  await service.stop()
  await bare.stop()
  return [
    {
      what: '/auth/me',
      measured: median(byService),
      unit: '/s',
      reference: { what: 'bare Bun.serve', measured: median(byBare) },
      goal: { is: 'at least', limit: 0.3, of: 'ratio' },
    },
  ]
}
