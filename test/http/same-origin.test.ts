import { afterAll, describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { problem } from '../../src/http/problem.ts'
import { isCrossSite, sameOrigin } from '../../src/http/same-origin.ts'
import { createLog } from '../../src/lib/log.ts'
import { rawStatus } from './raw-request.ts'

const config = {
  frontendBaseUrl: 'https://chat.example.com/app',
  corsOrigins: ['https://partner.example.net:8443', 'http://[::1]:3000'],
}
const host = 'api.internal'

function refuses(headers: Record<string, string>, method = 'POST') {
  return isCrossSite(new Request('http://localhost/', { method, headers: { host, ...headers } }), config)
}

describe('with Sec-Fetch-Site', () => {
  test.each([
    ['same-origin', false],
    ['none', false],
    ['same-site', true],
    ['cross-site', true],
    ['junk', true],
    ['', true],
  ])('%p is refused: %p', (site, isRefused) => {
    expect(refuses({ 'sec-fetch-site': site })).toBe(isRefused)
  })

  test('it counts more than Origin', () => {
    expect(refuses({ 'sec-fetch-site': 'cross-site', origin: `https://${host}` })).toBe(true)
    expect(refuses({ 'sec-fetch-site': 'same-site', origin: 'https://chat.example.com' })).toBe(true)
    expect(refuses({ 'sec-fetch-site': 'same-origin', origin: 'https://anything.example' })).toBe(false)
  })

  test('an origin that is listed may write from its own site, to the letter', () => {
    const partner = { 'sec-fetch-site': 'cross-site', origin: 'https://partner.example.net:8443' }
    expect(refuses(partner)).toBe(false)
    expect(refuses({ ...partner, origin: 'https://partner.example.net' })).toBe(true)
    expect(refuses({ ...partner, origin: 'http://partner.example.net:8443' })).toBe(true)
  })
})

describe('with Origin alone', () => {
  test.each([
    [`http://${host}`, false],
    [`https://${host}:8443`, false],
    [`https://${host.toUpperCase()}`, false],
    ['https://chat.example.com', false],
    ['http://chat.example.com:5000', false],
    ['https://partner.example.net', false],
    ['http://[::1]:9', false],
    ['https://evil.com', true],
    [`https://${host}.evil.com`, true],
    [`https://evil-${host}`, true],
    [`https://evil.com/${host}`, true],
    [`https://${host}@evil.com`, true],
    ['https://example.com', true],
    ['null', true],
    ['', true],
    ['junk', true],
    ['file://', true],
  ])('%p is refused: %p', (origin, isRefused) => {
    expect(refuses({ origin })).toBe(isRefused)
  })

  test('our own name with a port, as a browser sends it', () => {
    expect(refuses({ host: 'localhost:5000', origin: 'http://localhost:5000' })).toBe(false)
    expect(refuses({ host: '[::1]:5000', origin: 'http://[::1]:5000' })).toBe(false)
    expect(refuses({ host: '[::2]:5000', origin: 'http://[::3]:5000' })).toBe(true)
  })

  test('a host that is no name is nobody’s', () => {
    expect(refuses({ host: ':', origin: 'junk' })).toBe(true)
  })
})

describe('what passes', () => {
  test('programs, which send neither header', () => {
    expect(refuses({})).toBe(false)
  })

  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.com' }
  test.each(['GET', 'HEAD', 'OPTIONS'])('reading: %s', (method) => {
    expect(refuses(foreign, method)).toBe(false)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('but not writing: %s', (method) => {
    expect(refuses(foreign, method)).toBe(true)
  })

  test('a Bearer token, which no browser adds by itself as it does Basic', () => {
    expect(refuses({ ...foreign, authorization: 'Bearer abc' })).toBe(false)
    expect(refuses({ ...foreign, authorization: 'bearer abc' })).toBe(false)
    expect(refuses({ ...foreign, authorization: 'Basic YTpi' })).toBe(true)
    expect(refuses({ ...foreign, authorization: 'Negotiate abc' })).toBe(true)
    expect(refuses({ ...foreign, authorization: '' })).toBe(true)
  })

  test('a WebSocket is no reading', () => {
    const socket = { upgrade: 'WebSocket', connection: 'Upgrade' }
    expect(refuses({ ...socket, origin: 'https://evil.com' }, 'GET')).toBe(true)
    expect(refuses({ ...socket, ...foreign }, 'GET')).toBe(true)
    expect(refuses({ ...socket, origin: `https://${host}` }, 'GET')).toBe(false)
    expect(refuses(socket, 'GET')).toBe(false)
  })
})

describe('over a socket', () => {
  const calls: string[] = []
  const routes = new Elysia({ name: 'routes' })
    .post('/', ({ body }) => {
      calls.push(String(body))
      return 'written'
    })
    .ws('/socket', { open: (socket) => void socket.send('hello') })
  const app = new Elysia({ serve: { hostname: '127.0.0.1' } })
    .use(problem({ shapeOf: () => 'ok-flat', log: createLog('silent') }))
    .use(sameOrigin(config))
    .use(routes)
    .listen(0)
  afterAll(() => app.stop(true))
  const port = app.server?.port ?? 0

  test('a cross-site write is refused before its body is read', async () => {
    const head = `POST / HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.com\r\nContent-Length: 1000000\r\n\r\n`
    expect(await rawStatus(port, head)).toBe(403)
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { origin: 'https://evil.com' },
      body: 'x',
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ ok: false, error: 'Cross-site request refused' })
    expect(calls).toEqual([])
  })

  test('one from our own page is not', async () => {
    const address = `http://127.0.0.1:${port}`
    const response = await fetch(address, {
      method: 'POST',
      headers: { origin: address, 'content-type': 'text/plain' },
      body: 'mine',
    })
    expect(await response.text()).toBe('written')
    expect(calls).toEqual(['mine'])
  })

  test('a WebSocket of another site is never opened', async () => {
    const head = (origin: string, upgrade = 'websocket') =>
      [
        'GET /socket HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        `Origin: ${origin}`,
        'Connection: Upgrade',
        `Upgrade: ${upgrade}`,
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '\r\n',
      ].join('\r\n')
    // The server opens one for each of these.
    for (const upgrade of ['websocket', 'WebSocket', 'websocket, h2c', 'h2c, websocket']) {
      expect(await rawStatus(port, head('https://evil.com', upgrade))).toBe(403)
    }
    expect(await rawStatus(port, head(`http://127.0.0.1:${port}`))).toBe(101)
  })
})
