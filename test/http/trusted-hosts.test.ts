import { afterAll, describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { problem } from '../../src/http/problem.ts'
import { trustedHosts } from '../../src/http/trusted-hosts.ts'
import { createLog } from '../../src/lib/log.ts'
import { rawStatus } from './raw-request.ts'

const log = createLog('silent')
const routes = new Elysia({ name: 'routes' }).get('/', () => 'here').get('/files/*', () => 'file')

function appFor(hosts: string[]) {
  return new Elysia({ serve: { hostname: '127.0.0.1' }, handler: { standardHostname: false } })
    .use(problem({ shapeOf: () => 'flat', log }))
    .use(trustedHosts({ trustedHosts: hosts }))
    .use(routes)
}
const guarded = appFor(['Chat.example.com', 'localhost', '127.0.0.1', '::1']).listen(0)
afterAll(() => guarded.stop(true))
const port = guarded.server?.port ?? 0

const statusFor = (host: string, path = '/') =>
  rawStatus(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

describe('trusted hosts', () => {
  test.each([
    'chat.example.com',
    'CHAT.EXAMPLE.COM',
    'chat.example.com:8443',
    'chat.example.com.',
    'chat.example.com.:80',
    'localhost:5000',
    '127.0.0.1',
    '127.0.0.1:5000',
    '[::1]',
    '[::1]:5000',
    '[0:0::1]:5000',
  ])('%s passes', async (host) => {
    expect(await statusFor(host)).toBe(200)
  })

  test.each([
    'example.com',
    'evil-chat.example.com',
    'chat.example.com.evil.com',
    'evil.com:chat.example.com',
    'chat.example.com@evil.com',
    'chat.example.com, evil.com',
    '[::2]',
    '[::1',
    '::1',
    '127.0.0.2',
    'a',
    ':5000',
    'chat.example.com..',
    '%',
    '你好',
  ])('%s is refused', async (host) => {
    expect(await statusFor(host)).toBe(400)
  })

  test('one name after another, each is judged by itself', async () => {
    const hosts = ['localhost', 'evil.com', 'evil.com', 'localhost', 'localhost', '127.0.0.1', 'evil.com']
    for (const host of hosts)
      expect([host, await statusFor(host)]).toEqual([host, host === 'evil.com' ? 400 : 200])
  })

  test('unknown paths and wildcards are guarded too', async () => {
    expect(await statusFor('evil.com', '/nowhere')).toBe(400)
    expect(await statusFor('evil.com', '/files/a')).toBe(400)
    expect(await statusFor('localhost', '/nowhere')).toBe(404)
  })

  test('the answer is in the shape that the path asks for', async () => {
    const response = await guarded.handle(new Request('http://evil.com/'))
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'Unknown host' })
  })

  test('a request made in this process goes by its URL', async () => {
    expect((await guarded.handle(new Request('http://localhost/'))).status).toBe(200)
  })

  test('an empty list takes all', async () => {
    const open = appFor([])
    expect((await open.handle(new Request('http://evil.com/'))).status).toBe(200)
  })

  test('brackets in the settings are fine', async () => {
    const bracketed = appFor(['[::1]'])
    expect((await bracketed.handle(new Request('http://[::1]:5000/'))).status).toBe(200)
    expect((await bracketed.handle(new Request('http://localhost/'))).status).toBe(400)
  })
})
