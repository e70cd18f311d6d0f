/** What openai-python raises: an error of its status, or one that came in the middle of a stream (status null). */
export class PythonApiError extends Error {
  constructor(
    readonly status: number | null,
    readonly body: Record<string, unknown>,
    readonly headers: Headers,
  ) {
    super(String(body.message))
  }
}

/** The official Python client as far as it can be seen on the wire: what httpx sends for it, and how it reads. */
export interface PythonClient {
  get(path: string): Promise<unknown>
  /** `body` is the JSON as Python's own module writes it. */
  post(path: string, body: string): Promise<{ data: unknown; headers: Headers }>
  /** The objects of a stream until `[DONE]`. */
  stream(path: string, body: string): AsyncGenerator<Record<string, unknown>>
}

export function pythonClient(baseUrl: string, apiKey: string, isAsync = false): PythonClient {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    'accept-encoding': 'gzip, deflate, br, zstd',
    authorization: `Bearer ${apiKey}`,
    'user-agent': `${isAsync ? 'AsyncOpenAI' : 'OpenAI'}/Python 1.109.1`,
    'X-Stainless-Lang': 'python',
    'X-Stainless-Package-Version': '1.109.1',
    'X-Stainless-OS': 'Linux',
    'X-Stainless-Arch': 'x64',
    'X-Stainless-Runtime': 'CPython',
    'X-Stainless-Runtime-Version': '3.12.4',
    'X-Stainless-Async': isAsync ? 'async:asyncio' : 'false',
    'x-stainless-retry-count': '0',
    'x-stainless-read-timeout': '600',
  }

  async function send(method: string, path: string, body?: string): Promise<Response> {
    const init = body === undefined ? { method, headers } : { method, headers, body }
    const response = await fetch(`${baseUrl.replace(/\/*$/, '/')}${path.replace(/^\//, '')}`, init)
    if (response.ok) return response
    // What is no JSON becomes the message as it is, and the fields that programs look at are None.
    const text = await response.text()
    const read = JSON.parse(text) as { error?: Record<string, unknown> }
    throw new PythonApiError(response.status, read.error ?? {}, response.headers)
  }

  return {
    get: async (path) => (await send('GET', path)).json(),
    async post(path, body) {
      const response = await send('POST', path, body)
      return { data: await response.json(), headers: response.headers }
    },
    async *stream(path, body) {
      const response = await send('POST', path, body)
      for await (const { event, data } of eventsOf(response)) {
        if (data.startsWith('[DONE]')) return
        const object = JSON.parse(data) as Record<string, unknown>
        if (object.error) throw new PythonApiError(null, object.error as never, response.headers)
        if (event === 'error') throw new Error('an error event without an error')
        yield object
      }
      throw new Error('the stream ended without [DONE]')
    },
  }
}

/** Splits bytes at empty lines before it decodes them, and an event's lines at line feeds and returns. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string | null; data: string }> {
  let waiting = Buffer.alloc(0)
  for await (const bytes of response.body ?? []) {
    waiting = Buffer.concat([waiting, bytes])
    for (let end = waiting.indexOf('\n\n'); end !== -1; end = waiting.indexOf('\n\n')) {
      const event = readEvent(waiting.subarray(0, end).toString())
      waiting = waiting.subarray(end + 2)
      if (event !== null) yield event
    }
  }
  if (waiting.length > 0) throw new Error(`the stream ended in an event: ${waiting}`)
}

function readEvent(text: string): { event: string | null; data: string } | null {
  let event: string | null = null
  const data: string[] = []
  for (const line of text.split(/\r\n|[\r\n]/)) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (name === 'event') event = value ?? ''
    if (name === 'data') data.push(value ?? '')
  }
  return event === null && data.length === 0 ? null : { event, data: data.join('\n') }
}
