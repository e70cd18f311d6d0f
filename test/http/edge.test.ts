import { afterAll, describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import type { Config } from '../../src/config.ts'
import { AppError } from '../../src/errors.ts'
import { edge } from '../../src/http/edge.ts'
import { problem } from '../../src/http/problem.ts'
import { sendNoCacheControl } from '../../src/http/security-headers.ts'
import { announceStreamEnd } from '../../src/http/stream-end.ts'
import { createLifecycle } from '../../src/lib/lifecycle.ts'
import { createLog } from '../../src/lib/log.ts'

const lines: Record<string, unknown>[] = []
const log = createLog('info', (line) => lines.push(JSON.parse(line)))
const lifecycle = createLifecycle(new Date())
const config = { production: true, frontendBaseUrl: 'https://chat.example.com' } as Config
const counted: unknown[][] = []
const metrics = {
  requestAnswered: (method: string, path: string, status: number, seconds: number) =>
    void counted.push([method, path, status, seconds]),
}
const options = {
  ...{ shapeOf: () => 'problem' as const, log, config, lifecycle, metrics },
  ipOf: () => '192.0.2.1',
}

let streamEnd = Promise.withResolvers<{ outcome: 'complete'; bytes: number }>()
const app = new Elysia({ serve: { hostname: '127.0.0.1' } })
  .wrap(edge(options))
  .use(problem(options))
  .get('/plain', () => 'hello')
  .get('/livez', () => 'alive')
  .get('/null', () => {
    throw null
  })
  .get('/refused', () => {
    throw new AppError('forbidden', 'No')
  })
  .get('/own', ({ set }) => {
    set.headers['cache-control'] = 'public, max-age=60'
    set.headers['referrer-policy'] = 'no-referrer'
    return 'own'
  })
  .get('/test', ({ request }) => {
    sendNoCacheControl(request)
    return 'cacheable'
  })
  .get('/typed', ({ query }) => new Response(null, { headers: { 'content-type': query.type ?? '' } }))
  .get('/files/*', () => 'wildcard')
  .get('/stream', ({ request }) => {
    announceStreamEnd(request, streamEnd.promise)
    return new Response(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode('piece'))
          controller.close()
        },
      }),
    )
  })
  .ws('/socket', { open: (socket) => void socket.send('hello') })
  .listen(0)
const address = `http://127.0.0.1:${app.server?.port}`
afterAll(() => app.stop(true))

async function get(path: string, init?: RequestInit) {
  lines.length = 0
  const response = await fetch(address + path, init)
  await response.text()
  return response
}

describe('edge', () => {
  const paths = ['/plain', '/refused', '/nowhere', '/null', '/stream', '/own', '/files/a', '/test']
  for (const path of paths) {
    test(`${path} carries the request id and the security headers`, async () => {
      const { headers } = await get(path, { headers: { 'x-request-id': 'mine' } })
      expect(headers.get('x-request-id')).toBe('mine')
      expect(headers.get('content-security-policy')).toStartWith('default-src')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.has('referrer-policy')).toBe(true)
    })
  }

  const pages = [
    'text/html; charset=utf-8',
    'text/plain',
    'image/svg+xml',
    'text/javascript',
    'application/xhtml+xml',
    'application/jsonp',
    '',
  ]
  test.each(pages)('%p may be a page, which may do what our own pages do', async (type) => {
    const { headers } = await get(`/typed?type=${encodeURIComponent(type)}`)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  const data = [
    'application/json',
    'application/json;charset=utf-8',
    'application/problem+json',
    'application/x-ndjson',
    'text/event-stream',
  ]
  test.each(data)('%p is no page, and may do nothing', async (type) => {
    const { headers } = await get(`/typed?type=${encodeURIComponent(type)}`)
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers.has('permissions-policy')).toBe(false)
    expect(headers.has('cross-origin-opener-policy')).toBe(false)
  })

  test('nothing may be kept by a proxy unless the route says so', async () => {
    expect((await get('/plain')).headers.get('cache-control')).toBe('no-store')
    expect((await get('/nowhere')).headers.get('cache-control')).toBe('no-store')
    expect((await get('/own')).headers.get('cache-control')).toBe('public, max-age=60')
    expect((await get('/test')).headers.get('cache-control')).toBeNull()
  })

  test('what a route sets itself stays', async () => {
    const { headers } = await get('/own')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect((await get('/plain')).headers.get('referrer-policy')).toContain('strict-origin')
  })

  test('without https there is no Strict-Transport-Security', async () => {
    const plain = new Elysia()
      .wrap(edge({ ...options, config: { ...config, frontendBaseUrl: 'http://localhost:5000' } }))
      .get('/', () => 'x')
    const response = await plain.handle(new Request('http://localhost/'))
    expect(response.headers.has('strict-transport-security')).toBe(false)
  })

  test('what breaks the framework itself is still internal', async () => {
    const response = await get('/null')
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  test('one line a request, without the query', async () => {
    await get('/plain?token=t0ken', { headers: { 'x-request-id': 'line', cookie: 'cc_auth=c00kie' } })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      request_id: 'line',
      method: 'GET',
      path: '/plain',
      status: 200,
      ip: '192.0.2.1',
      msg: 'request',
    })
    expect(lines[0]?.duration_ms).toBeNumber()
    expect(JSON.stringify(lines)).not.toMatch(/t0ken|c00kie/)
  })

  test('the address is asked for at once: later the visitor may be gone', async () => {
    const events: string[] = []
    const ipOf = () => {
      events.push('asked')
      return '192.0.2.7'
    }
    const watched = new Elysia().wrap(edge({ ...options, ipOf })).get('/', () => {
      events.push('answered')
      return 'x'
    })
    lines.length = 0
    await watched.handle(new Request('http://localhost/'))
    expect(events).toEqual(['asked', 'answered'])
    expect(lines).toMatchObject([{ ip: '192.0.2.7' }])
  })

  test('a probe that succeeds is no news', async () => {
    await get('/livez')
    expect(lines).toEqual([])
  })

  test('a stream is logged at its end, with its outcome', async () => {
    streamEnd = Promise.withResolvers()
    await get('/stream')
    expect(lines).toEqual([])
    streamEnd.resolve({ outcome: 'complete', bytes: 5 })
    await streamEnd.promise
    await Bun.sleep(0)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ path: '/stream', outcome: 'complete', bytes: 5 })
  })

  test('a request is unfinished until its stream has ended', async () => {
    streamEnd = Promise.withResolvers()
    const before = lifecycle.unfinished
    await get('/plain')
    expect(lifecycle.unfinished).toBe(before)
    await get('/stream')
    expect(lifecycle.unfinished).toBe(before + 1)
    streamEnd.resolve({ outcome: 'complete', bytes: 5 })
    await streamEnd.promise
    expect(lifecycle.unfinished).toBe(before)
  })

  test('a WebSocket passes', async () => {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/socket`)
    const message = await new Promise((resolve, reject) => {
      socket.onmessage = (event) => resolve(event.data)
      socket.onerror = reject
    })
    expect(message).toBe('hello')
    socket.close()
  })

  test('every request is counted once, by its path and what became of it', async () => {
    counted.length = 0
    const expected = [
      ['/plain', 200],
      ['/refused', 403],
      ['/nowhere', 404],
      ['/null', 500],
    ] as const
    for (const [path] of expected) await get(`${path}?token=secret`)
    await get('/plain', { method: 'DELETE' })
    const seconds = expect.any(Number)
    expect(counted).toEqual([
      ...expected.map(([path, status]) => ['GET', path, status, seconds]),
      ['DELETE', '/plain', 404, seconds],
    ])
    for (const [, , , took] of counted) expect(took).toBeWithin(0, 10)
  })

  test('near the end connections are closed', async () => {
    lifecycle.isDraining = true
    const response = await app.handle(new Request('http://localhost/plain'))
    lifecycle.isDraining = false
    expect(response.headers.get('connection')).toBe('close')
  })
})
