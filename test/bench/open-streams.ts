import { join } from 'node:path'
import type { Server } from '../support/server.ts'
import type { Figure } from './figure.ts'
import { cpuSeconds, forgetPeak, peakMegabytes } from './process.ts'
import { manyConnections, startBareServer, startUpstreamProgram } from './programs.ts'
import { modelEnv, startOnServices } from './service.ts'
import type { Tally } from './stream-client.ts'

const streams = 5000
const tokens = 40
/** Two tokens a second: the speed at which people read. */
const model = `tokens-${tokens}-500`

/** Memory while 5,000 visitors read answers at once, each to its end. */
export async function openStreams(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const bare = await startBareServer(`http://127.0.0.1:${upstream.port}/v1`)
  const byBare = await measure(bare, { model, messages: [{ role: 'user', content: 'hello' }], stream: true })
  await bare.stop()
  const service = await startOnServices(modelEnv(upstream.port, model))
  const byService = await measure(service, { message: 'hello' })
  await service.stop()
  await upstream.stop()
  const reference = (measured: number) => ({ what: 'bare Bun relay', measured })
  return [
    {
      what: `peak memory, ${streams.toLocaleString('en')} open streams`,
      measured: byService.megabytes,
      unit: 'MB',
      reference: reference(byBare.megabytes),
      goal: { is: 'at most', limit: 300, of: 'value' },
    },
    {
      what: 'CPU time of these streams',
      measured: byService.cpu,
      unit: 's',
      reference: reference(byBare.cpu),
    },
  ]
}

async function measure(server: Server & { port: number }, question: unknown) {
  forgetPeak(server.pid)
  const before = cpuSeconds(server.pid)
  const tally = await runClient(server.port, question)
  const isWhole = tally.whole === streams && tally.tokens >= streams * tokens && tally.openAtOnce === streams
  if (!isWhole) throw new Error(`not all streams came to their end: ${JSON.stringify(tally)}`)
  return { megabytes: peakMegabytes(server.pid), cpu: cpuSeconds(server.pid) - before }
}

async function runClient(port: number, question: unknown): Promise<Tally> {
  const program = join(import.meta.dir, 'stream-client.ts')
  const words = [String(port), String(streams), JSON.stringify(question)]
  const client = Bun.spawn([...manyConnections, process.execPath, program, ...words], {
    stdout: 'pipe',
    stderr: 'inherit',
    timeout: 120_000,
  })
  const output = await new Response(client.stdout).text()
  if ((await client.exited) !== 0) throw new Error('the streams did not end within two minutes')
  return JSON.parse(output) as Tally
}
