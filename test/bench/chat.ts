import type { Server } from '../support/server.ts'
import { createVisitor } from '../support/visitor.ts'
import { type Figure, median } from './figure.ts'
import { startNginxProxy } from './nginx-proxy.ts'
import { type Program, startUpstreamProgram } from './programs.ts'
import { modelEnv, startOnServices } from './service.ts'
import { type Load, type Measured, measure, runWrk } from './wrk.ts'

const tokens = 256

/** Whole answers a second through the service, and through nginx's `proxy_pass` to the same upstream, in turns. */
export async function chat(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const nginx = await startNginxProxy(upstream.port)
  const atOnce = { model: `tokens-${tokens}`, seconds: 4, connections: 32, rounds: 4 }
  const pressed = await compare(upstream, nginx, atOnce)
  // One token every 5 ms, as models speak: each is read, decoded and written by itself.
  const paced = { model: `tokens-${tokens}-5`, seconds: 6, connections: 100, rounds: 1 }
  const spoken = await compare(upstream, nginx, paced)
  await nginx.stop()
  await upstream.stop()
  return [
    {
      what: `/deepseek_chat, answers of ${tokens} tokens`,
      ...pressed('perSecond'),
      unit: '/s',
      goal: { is: 'at least', limit: 0.15, of: 'ratio' },
    },
    { what: 'CPU time of 1,000 such answers', ...pressed('cpuOfThousand'), unit: 's' },
    { what: 'the same, tokens one by one', ...spoken('cpuOfThousand'), unit: 's' },
  ]
}

interface Trial extends Pick<Load, 'seconds' | 'connections'> {
  model: string
  rounds: number
}

/** Medians of the service, each with nginx's as its reference. */
async function compare(upstream: Program, nginx: Program, { model, rounds, ...shape }: Trial) {
  const service = await startOnServices(modelEnv(upstream.port, model))
  await checkAnswer(service.url)
  const throughNginx = {
    ...shape,
    url: `http://127.0.0.1:${nginx.port}/v1/chat/completions`,
    body: { model, messages: [{ role: 'user', content: 'hello' }], stream: true },
  }
  const throughService = { ...shape, url: `${service.url}/deepseek_chat`, body: { message: 'hello' } }
  await runWrk({ ...throughNginx, seconds: 2 })
  await runWrk({ ...throughService, seconds: 3 })
  const byNginx: Measured[] = []
  const byService: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    byNginx.push(await measureWhole(nginx, throughNginx))
    byService.push(await measureWhole(service, throughService))
  }
  await service.stop()
  return (field: keyof Measured) => ({
    measured: median(byService.map((one) => one[field])),
    reference: { what: 'nginx', measured: median(byNginx.map((one) => one[field])) },
  })
}

async function measureWhole(server: Server, load: Load): Promise<Measured> {
  const measured = await measure(server, load)
  // Each token is at least a line of some bytes: a short answer would count for a whole one.
  if (measured.bytesPerAnswer < tokens * 12) {
    throw new Error(`${measured.bytesPerAnswer} bytes an answer: not all is there`)
  }
  return measured
}

async function checkAnswer(origin: string): Promise<void> {
  const text = await createVisitor(origin).chat('hello')
  const words = text.trim().split(' ').length
  if (words !== tokens) throw new Error(`an answer had ${words} words: ${text.slice(0, 100)}`)
}
