import { connect, type Socket } from 'node:net'

/** A request whose bytes are the test's own: any header, any body, as many at once as there are sockets. */
export interface RawRequest {
  method: string
  /** As written on the request line: may be no valid path. */
  path: string
  /** Sent as they are, after Host; `host` replaces it. Latin-1: a code point below 256 is one byte. */
  headers?: [name: string, value: string][]
  body?: Uint8Array | string | null
  /** The client's own address: any of 127.0.0.0/8. */
  from?: string
}

export interface RawResponse {
  /** 0: the connection was closed without an answer. */
  status: number
  headers: Headers
  body: string
  /** False: the connection ended before the body did. */
  isComplete: boolean
}

export interface OpenRawRequest {
  /** What has arrived of the body, decoded. */
  received(): string
  /** Settles at the end of the answer or of the connection. */
  response: Promise<RawResponse>
  /** Goes away without a word. */
  leave(): void
}

/** Sends and reads to the end. */
export async function rawRequest(port: number, request: RawRequest): Promise<RawResponse> {
  return openRawRequest(port, request).response
}

/** Sends; the caller may look at what arrives while it arrives. */
export function openRawRequest(port: number, request: RawRequest): OpenRawRequest {
  const socket = connect({ port, host: '127.0.0.1', localAddress: request.from ?? '127.0.0.1' })
  let bytes: Buffer = Buffer.alloc(0)
  const response = new Promise<RawResponse>((resolve) => {
    socket.on('data', (data: Buffer) => {
      bytes = Buffer.concat([bytes, data])
      if (parse(bytes, request.method)?.isComplete) socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(parse(bytes, request.method) ?? nothing))
  })
  send(socket, request)
  return {
    response,
    received: () => parse(bytes, request.method)?.body ?? '',
    leave: () => void socket.destroy(),
  }
}

const nothing: RawResponse = { status: 0, headers: new Headers(), body: '', isComplete: false }

function send(socket: Socket, { method, path, headers = [], body = null }: RawRequest): void {
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  const content = typeof body === 'string' ? Buffer.from(body) : body
  const lines = [`${method} ${path} HTTP/1.1`]
  if (!given.has('host')) lines.push('Host: localhost')
  lines.push('Connection: close', ...headers.map(([name, value]) => `${name}: ${value}`))
  if (content && !given.has('content-length') && !given.has('transfer-encoding')) {
    lines.push(`Content-Length: ${content.byteLength}`)
  }
  socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  if (content) socket.write(content)
  // Whoever promises another length than he sends must at least say that no more will come.
  if (given.has('content-length') || given.has('transfer-encoding')) socket.end()
}

function parse(bytes: Buffer, method: string): RawResponse | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(first.split(' ')[1])
  const headers = new Headers()
  for (const line of lines)
    headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim())
  const rest = bytes.subarray(end + 4)
  if (status === 100) return parse(rest, method)
  if (method === 'HEAD' || status === 204 || status === 304)
    return { status, headers, body: '', isComplete: true }
  return { status, headers, ...bodyOf(rest, headers) }
}

function bodyOf(rest: Buffer, headers: Headers): { body: string; isComplete: boolean } {
  if (headers.get('transfer-encoding')?.includes('chunked')) return dechunk(rest)
  const length = Number(headers.get('content-length') ?? Number.NaN)
  return { body: rest.toString('utf8'), isComplete: rest.byteLength >= length }
}

function dechunk(rest: Buffer): { body: string; isComplete: boolean } {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return { body: Buffer.concat(parts).toString('utf8'), isComplete: false }
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString('latin1'), 16)
    if (size === 0) return { body: Buffer.concat(parts).toString('utf8'), isComplete: true }
    parts.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
