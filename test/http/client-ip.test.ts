import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Elysia } from 'elysia'
import { clientOf, isFromThisMachine, isFromTrustedProxy } from '../../src/http/client-ip.ts'

const config = { trustedProxies: ['127.0.0.0/8', '::1', '10.0.0.0/8'] }

function ask(peer: string | null, headers: Record<string, string> = {}) {
  const server = { port: 5000, requestIP: () => (peer === null ? null : { address: peer }) }
  return { request: new Request('http://localhost/', { headers }), server }
}
const ipOf = (peer: string | null, forwarded?: string) =>
  clientOf(ask(peer, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), config).ip

describe('the address', () => {
  test('is the peer', () => {
    expect(ipOf('192.0.2.1')).toBe('192.0.2.1')
    expect(ipOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(ipOf('2001:DB8::1')).toBe('2001:db8::1')
  })

  test('a stranger may say what he likes', () => {
    expect(ipOf('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1')
  })

  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['6.6.6.6, 198.51.100.7', '198.51.100.7'],
    ['6.6.6.6, 198.51.100.7, 10.0.0.3', '198.51.100.7'],
    ['6.6.6.6,198.51.100.7 ,127.0.0.1', '198.51.100.7'],
    ['2001:DB8::7', '2001:db8::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['198.51.100.7:4711', '198.51.100.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['10.1.1.1, 10.0.0.3', '10.1.1.1'],
  ])('behind our proxy: %s is %s', (forwarded, ip) => {
    expect(ipOf('127.0.0.1', forwarded)).toBe(ip)
    expect(ipOf('::ffff:127.0.0.1', forwarded)).toBe(ip)
  })

  test.each([
    '',
    ' ',
    'junk',
    'unknown',
    '6.6.6.6, junk',
    '6.6.6.6,',
    'junk, 10.0.0.3',
    '999.1.1.1',
    "'; drop",
  ])('junk from our proxy (%p) leaves the peer', (forwarded) => {
    expect(ipOf('127.0.0.1', forwarded)).toBe('127.0.0.1')
  })

  test('junk further left is never looked at', () => {
    expect(ipOf('127.0.0.1', 'junk, 198.51.100.7')).toBe('198.51.100.7')
  })

  test('without a server it is loopback', () => {
    expect(clientOf({ request: new Request('http://localhost/'), server: null }, config).ip).toBe('127.0.0.1')
  })

  test('whoever left before anybody asked is nobody, and his headers are not believed', () => {
    expect(ipOf(null, '198.51.100.7')).toBe('0.0.0.0')
  })
})

test('the headers of proxies are believed from proxies', () => {
  expect(isFromTrustedProxy(ask('127.0.0.1'), config)).toBe(true)
  expect(isFromTrustedProxy(ask('192.0.2.1'), config)).toBe(false)
  expect(isFromTrustedProxy(ask('127.0.0.1'), { trustedProxies: [] })).toBe(false)
})

describe('this machine', () => {
  test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s is a program on it', (peer) => {
    expect(isFromThisMachine(ask(peer))).toBe(true)
  })

  test.each(['10.0.0.3', '192.0.2.1', '::2', '::ffff:10.0.0.3', '0.0.0.0', '', null])('%p is not', (peer) => {
    expect(isFromThisMachine(ask(peer))).toBe(false)
  })

  test.each(['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Real-IP', 'Forwarded', 'Via'])(
    'a proxy on it that says %s speaks for somebody else',
    (name) => {
      for (const value of ['127.0.0.1', ''])
        expect(isFromThisMachine(ask('127.0.0.1', { [name]: value }))).toBe(false)
    },
  )
})

test('the user agent, shortened', () => {
  const agentOf = (agent?: string) => clientOf(ask('192.0.2.1', agent ? { 'user-agent': agent } : {}), config)
  expect(agentOf().userAgent).toBeNull()
  expect(agentOf('Firefox').userAgent).toBe('Firefox')
  expect(agentOf('x'.repeat(1000)).userAgent).toHaveLength(255)
})

describe('the language', () => {
  test.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['fr, de;q=0.9', 'zh'],
    ['*', 'zh'],
    ['en', 'en'],
    ['EN-us,en;q=0.9', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['fr, en;q=0.5, zh;q=0.7', 'zh'],
    ['fr, zh;q=0.5, en; q=0.7', 'en'],
    ['en;q=0, fr', 'zh'],
    ['zh;q=0, en;q=0.1', 'en'],
    ['eno, zhx', 'zh'],
    ['en;q=junk', 'en'],
    [';;;,,,q=', 'zh'],
  ])('%p is %s', (header, locale) => {
    const asked = ask('192.0.2.1', header === undefined ? {} : { 'accept-language': header })
    expect(clientOf(asked, config).locale).toBe(locale as 'zh' | 'en')
  })
})

describe('over real sockets', () => {
  const app = () => new Elysia().get('/', ({ request, server }) => clientOf({ request, server }, config).ip)

  test('TCP, with the header and without, on an address of both families', async () => {
    const served = app().listen({ hostname: '::', port: 0 })
    const address = `http://127.0.0.1:${served.server?.port}/`
    expect(await (await fetch(address)).text()).toBe('127.0.0.1')
    const headers = { 'x-forwarded-for': '6.6.6.6, 198.51.100.7' }
    expect(await (await fetch(address, { headers })).text()).toBe('198.51.100.7')
    await served.stop(true)
  })

  test('a unix socket is on this machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'client-ip-'))
    const unix = join(folder, 'socket')
    const server = Bun.serve({
      unix,
      fetch: (request, server) => new Response(clientOf({ request, server }, config).ip),
    })
    const headers = { 'x-forwarded-for': '198.51.100.7' }
    expect(await (await fetch('http://localhost/', { unix })).text()).toBe('127.0.0.1')
    expect(await (await fetch('http://localhost/', { unix, headers })).text()).toBe('198.51.100.7')
    await server.stop(true)
    rmSync(folder, { recursive: true })
  })

  test('who asked stays known when he has left', async () => {
    const seen = Promise.withResolvers<string[]>()
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      async fetch(request, server) {
        const early = clientOf({ request, server }, config).ip
        const left = new Promise((resolve) => request.signal.addEventListener('abort', resolve))
        socket.destroy()
        await left
        seen.resolve([early, clientOf({ request, server }, config).ip])
        return new Response()
      },
    })
    const socket = connect(server.port ?? 0, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n')
    expect(await seen.promise).toEqual(['198.51.100.7', '198.51.100.7'])
    await server.stop(true)
  })
})
