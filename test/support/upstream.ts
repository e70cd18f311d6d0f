import { parseArgs } from 'node:util'
import { answerScript } from './upstream-answer.ts'
import { type Script, scriptNamed } from './upstream-scripts.ts'

/** A question as the upstream saw it. */
export interface UpstreamRequest {
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
  /** The client's end of the connection: the same port twice is the same connection used again. */
  clientPort: number
  /** `open` until the answer was written to its end (`ended`) or the client went away before that (`left`). */
  state: 'open' | 'ended' | 'left'
  /** Settles with the final state. */
  closed: Promise<'ended' | 'left'>
}

export type ScriptChoice = Script | ((body: Record<string, unknown>) => Script)

export interface Upstream {
  /** With `/v1`, as a provider's base URL. */
  url: string
  port: number
  /** Every question since the start or the last `reset`, when recording. */
  requests: UpstreamRequest[]
  /** Scripts for the next questions, before the model's name is looked at. */
  play(...next: ScriptChoice[]): void
  /** What GET /v1/models lists; a script instead plays that. */
  models: string[] | Script
  /** Answers being written now, and the most there ever were at once. */
  open: number
  peak: number
  /** Forgets requests, queue and peak. */
  reset(): void
  stop(): Promise<void>
}

const chatPath = '/v1/chat/completions'
/** There as long as a script says what they answer. */
const otherPaths = new Set(['/v1/embeddings', '/v1/images/generations', '/v1/responses'])

/** A real HTTP server that speaks OpenAI's chat completions from a script. `record: false` for benches. */
export function startUpstream({ port = 0, hostname = '127.0.0.1', record = true } = {}): Upstream {
  const queue: ScriptChoice[] = []
  const server = Bun.serve({ port, hostname, idleTimeout: 0, development: false, fetch: answer })
  const upstream: Upstream = {
    url: `http://${hostname}:${server.port}/v1`,
    port: server.port ?? 0,
    requests: [],
    models: ['first-model', 'second-model'],
    open: 0,
    peak: 0,
    play: (...next) => void queue.push(...next),
    reset() {
      queue.length = 0
      upstream.requests = []
      upstream.peak = upstream.open
    },
    stop: () => server.stop(true),
  }
  return upstream

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (request.method === 'GET' && pathname === '/v1/models') return listModels(request)
    const isKnown = pathname === chatPath || (otherPaths.has(pathname) && queue.length > 0)
    if (request.method !== 'POST' || !isKnown) {
      return Response.json({ error: { message: `no such path: ${pathname}` } }, { status: 404 })
    }
    const body = (await request.json()) as Record<string, unknown>
    const choice = queue.shift() ?? scriptNamed(String(body.model))
    return answerScript(typeof choice === 'function' ? choice(body) : choice, body, opened(request, body))
  }

  function listModels(request: Request): Promise<Response> | Response {
    const close = opened(request, {})
    const { models } = upstream
    if (!Array.isArray(models)) return answerScript(models, {}, close)
    close('ended')
    return Response.json({ object: 'list', data: models.map((id) => ({ id, object: 'model' })) })
  }

  /** Counts and records a question; what is returned is called once with how it ended. */
  function opened(request: Request, body: Record<string, unknown>): (state: 'ended' | 'left') => void {
    upstream.open++
    upstream.peak = Math.max(upstream.peak, upstream.open)
    const { promise, resolve } = Promise.withResolvers<'ended' | 'left'>()
    const { pathname } = new URL(request.url)
    const clientPort = server.requestIP(request)?.port ?? 0
    const headers = record ? Object.fromEntries(request.headers) : {}
    const entry: UpstreamRequest = {
      path: pathname,
      headers,
      body,
      clientPort,
      state: 'open',
      closed: promise,
    }
    if (record) upstream.requests.push(entry)
    const close = (state: 'ended' | 'left') => {
      if (entry.state !== 'open') return
      entry.state = state
      upstream.open--
      resolve(state)
    }
    request.signal.addEventListener('abort', () => close('left'))
    return close
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '0' }, host: { type: 'string', default: '127.0.0.1' } },
  })
  const { url } = startUpstream({ port: Number(values.port), hostname: values.host, record: false })
  console.log(url)
}
