import type { Binary } from '../support/binary.ts'
import type { Figure } from './figure.ts'
import { residentMegabytes } from './process.ts'
import { startBareServer } from './programs.ts'
import { startEmbedded, startOnServices } from './service.ts'

/** Long enough for the just-in-time compiler and the first collections to be done. */
const settleMs = 4000

/** What the service holds when nobody asks anything. */
export async function idleMemory(): Promise<Figure[]> {
  const bare = await startBareServer()
  await Bun.sleep(settleMs)
  const reference = { what: 'bare Bun.serve', measured: residentMegabytes(bare.pid) }
  await bare.stop()

  const onServices = await settledMegabytes(await startOnServices())
  const embedded = await startEmbedded()
  const afterFirstStart = await settledMegabytes(embedded)
  const afterLaterStart = await settledMegabytes(await startEmbedded({ folder: embedded.folder }))

  const figure = (what: string, measured: number, limit: number): Figure => ({
    what: `idle memory, ${what}`,
    measured,
    unit: 'MB',
    reference,
    goal: { is: 'at most', limit, of: 'value' },
  })
  return [
    figure('PostgreSQL + Redis', onServices, 80),
    figure('embedded, first start', afterFirstStart, 170),
    figure('embedded', afterLaterStart, 170),
  ]
}

async function settledMegabytes(service: Binary): Promise<number> {
  await Bun.sleep(settleMs)
  const megabytes = residentMegabytes(service.pid)
  await service.stop()
  return megabytes
}
