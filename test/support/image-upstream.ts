/** What it answers next to a question for pictures; then it draws again. */
export type Refusal = { status: number; body: unknown }

export interface ImageUpstream {
  /** As OpenAI's and, by its ending, as DashScope's: the same server behind both. */
  openaiUrl: string
  dashscopeUrl: string
  /** Bodies of the questions, and the key of each. */
  asked: { body: Record<string, unknown>; key: string | null }[]
  refuse(...refusals: Refusal[]): void
  /** What the next pictures are instead. */
  bytes: Uint8Array
  /** What the next task says of itself, look after look; then that it is done. */
  states: Record<string, unknown>[]
  /** Where it says that pictures are, instead of where they are. */
  elsewhere: string | null
  /** It answers no question for pictures before that. */
  until: Promise<void> | null
  /** A stream of them ends after its first sketch. */
  isCut: boolean
  /** Pictures come as Base64 and not as addresses. */
  isInline: boolean
  /** Looks at tasks so far. */
  looks: number
  stop(): Promise<void>
}

/** The smallest PNG there is. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A real HTTP server that draws pictures: at once as OpenAI does, and by tasks as DashScope does. */
export function startImageUpstream(): ImageUpstream {
  const refusals: Refusal[] = []
  const counts = new Map<string, number>()
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', development: false, fetch: answer })
  const origin = `http://127.0.0.1:${server.port}`
  const upstream: ImageUpstream = {
    openaiUrl: `${origin}/v1`,
    dashscopeUrl: `${origin}/compatible-mode/v1`,
    asked: [],
    refuse: (...next) => void refusals.push(...next),
    bytes: png,
    states: [],
    elsewhere: null,
    until: null,
    isCut: false,
    isInline: false,
    looks: 0,
    stop: () => server.stop(true),
  }
  return upstream

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/picture') {
      // The key is for the API alone.
      return request.headers.has('authorization') ? refuse(400) : new Response(upstream.bytes.slice())
    }
    if (pathname.startsWith('/api/v1/tasks/')) return look(pathname.slice('/api/v1/tasks/'.length))
    if (request.method !== 'POST') return refuse(404)
    const body = (await request.json()) as Record<string, unknown>
    upstream.asked.push({ body, key: request.headers.get('authorization') })
    await upstream.until
    const refusal = refusals.shift()
    if (refusal) return Response.json(refusal.body, { status: refusal.status })
    if (pathname === '/v1/images/generations') {
      if (body.stream === true) return stream(Number(body.n ?? 1))
      return Response.json({ data: Array.from({ length: Number(body.n ?? 1) }, picture) })
    }
    if (pathname !== '/api/v1/services/aigc/text2image/image-synthesis') return refuse(404)
    if (request.headers.get('x-dashscope-async') !== 'enable') return refuse(400)
    const id = crypto.randomUUID()
    counts.set(id, Number((body.parameters as { n?: number }).n ?? 1))
    return Response.json({ output: { task_id: id, task_status: 'PENDING' }, request_id: 'r' })
  }

  function look(id: string): Response {
    upstream.looks++
    const count = counts.get(id)
    if (count === undefined) return refuse(404)
    const state = upstream.states.shift() ?? {
      task_status: 'SUCCEEDED',
      results: Array.from({ length: count }, picture),
    }
    return Response.json({ output: { task_id: id, ...state }, request_id: 'r' })
  }

  /** As OpenAI does it: nothing tells that no event follows. */
  function stream(count: number): Response {
    const b64_json = Buffer.from(upstream.bytes).toString('base64')
    const input_tokens_details = { text_tokens: 10, image_tokens: 0 }
    const usage = { total_tokens: 110, input_tokens: 10, output_tokens: 100, input_tokens_details }
    const events = Array.from({ length: count }, () => ({
      type: 'image_generation.completed',
      b64_json,
      usage,
    }))
    const sketch = { type: 'image_generation.partial_image', partial_image_index: 0, b64_json }
    const said = upstream.isCut ? [sketch] : [sketch, ...events]
    const body = said.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  function picture() {
    if (upstream.isInline) return { b64_json: Buffer.from(upstream.bytes).toString('base64') }
    return { url: upstream.elsewhere ?? `${origin}/picture` }
  }
}

function refuse(status: number): Response {
  return Response.json({ error: { message: 'no' } }, { status })
}
