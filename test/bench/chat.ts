import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/ports.ts'
import type { Server } from '../support/server.ts'
import { createVisitor } from '../support/visitor.ts'
import { type Figure, median } from './figure.ts'
import { cpuSeconds } from './process.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, startOnServices } from './service.ts'
import { type Load, type LoadResult, runWrk } from './wrk.ts'

const tokens = 256
const model = `tokens-${tokens}`
const rounds = 4

/** Whole answers a second through the service, and through nginx's `proxy_pass` to the same upstream, in turns. */
export async function chat(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const nginxPort = await freePort()
  const nginx = await startNginx(nginxPort, proxyTo(upstream.port, nginxPort))
  const service = await startOnServices(modelEnv(upstream.port, model))
  await checkAnswer(service.url)

  const shape = { seconds: 4, connections: 32 }
  const throughNginx = {
    ...shape,
    url: `http://127.0.0.1:${nginxPort}/v1/chat/completions`,
    body: { model, messages: [{ role: 'user', content: 'hello' }], stream: true },
  }
  const throughService = { ...shape, url: `${service.url}/deepseek_chat`, body: { message: 'hello' } }
  await runWrk({ ...throughNginx, seconds: 1 })
  await runWrk({ ...throughService, seconds: 3 })
  const byNginx: Measured[] = []
  const byService: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    byNginx.push(await measure(nginx, throughNginx))
    byService.push(await measure(service, throughService))
  }
  for (const server of [service, nginx, upstream]) await server.stop()

  const nginxIs = (field: keyof Measured) => ({
    what: 'nginx',
    measured: median(byNginx.map((one) => one[field])),
  })
  const serviceIs = (field: keyof Measured) => median(byService.map((one) => one[field]))
  return [
    {
      what: `/deepseek_chat, answers of ${tokens} tokens`,
      measured: serviceIs('perSecond'),
      unit: '/s',
      reference: nginxIs('perSecond'),
      goal: { is: 'at least', limit: 0.15, of: 'ratio' },
    },
    {
      what: '/deepseek_chat, CPU time for 1,000 answers',
      measured: serviceIs('cpuOfThousand'),
      unit: 's',
      reference: nginxIs('cpuOfThousand'),
    },
  ]
}

interface Measured extends LoadResult {
  cpuOfThousand: number
}

async function measure(server: Server, load: Load): Promise<Measured> {
  const before = cpuSeconds(server.pid)
  const result = await runWrk(load)
  // Each token is at least a line of some bytes: a short answer would count for a whole one.
  if (result.bytesPerAnswer < tokens * 12)
    throw new Error(`${result.bytesPerAnswer} bytes an answer: not all is there`)
  return { ...result, cpuOfThousand: ((cpuSeconds(server.pid) - before) / result.answers) * 1000 }
}

async function checkAnswer(origin: string): Promise<void> {
  const text = await createVisitor(origin).chat('hello')
  const words = text.trim().split(' ').length
  if (words !== tokens) throw new Error(`an answer had ${words} words: ${text.slice(0, 100)}`)
}

/** As a stream must be passed on: connections kept, nothing buffered. */
function proxyTo(upstreamPort: number, port: number): string {
  return `
  upstream model { server 127.0.0.1:${upstreamPort}; keepalive 64; }
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://model;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }`
}
