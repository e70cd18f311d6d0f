import { afterAll, describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { OpenAI } from 'openai'
import { cors } from '../../src/http/cors.ts'
import { problem } from '../../src/http/problem.ts'
import { createLog } from '../../src/lib/log.ts'

const listed = 'https://app.example.com'
const log = createLog('silent')
const routes = new Elysia({ name: 'routes' })
  .get('/', () => 'here')
  .get('/varies', ({ set }) => {
    set.headers.vary = 'Accept-Encoding'
    return 'here'
  })
  .get('/stream', () => new Response(new Blob(['piece']).stream()))
  .get('/broken', () => {
    throw new Error('broken')
  })
  .post('/', () => 'written')

const appFor = (corsOrigins: string[]) =>
  new Elysia({ serve: { hostname: '127.0.0.1' } })
    .wrap(cors({ corsOrigins }))
    .use(problem({ shapeOf: () => 'flat', log }))
    .use(routes)

const app = appFor(['https://App.example.com/', 'http://localhost:3000']).listen(0)
const closed = appFor([]).listen(0)
afterAll(() => Promise.all([app.stop(true), closed.stop(true)]))

type App = typeof app
function ask(of: App, path: string, origin: string | null, method = 'GET', asked: string | null = null) {
  const headers = new Headers(origin === null ? {} : { origin })
  if (asked !== null) headers.set('access-control-request-method', asked)
  return fetch(`http://127.0.0.1:${of.server?.port}${path}`, { method, headers })
}
const listIn = ({ headers }: Response, name: string) => (headers.get(name) ?? '').split(', ')
const corsHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

describe('a listed origin', () => {
  test.each([
    ['/', 200],
    ['/varies', 200],
    ['/stream', 200],
    ['/broken', 500],
    ['/nowhere', 404],
  ])('may read %s', async (path, status) => {
    const response = await ask(app, path, listed)
    expect(response.status).toBe(status)
    expect(response.headers.get('access-control-allow-origin')).toBe(listed)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
    for (const name of ['X-Request-Id', 'Retry-After', 'RateLimit', 'X-CloudChat-Overhead-Us'])
      expect(listIn(response, 'access-control-expose-headers')).toContain(name)
    expect(response.headers.get('vary')).toContain('Origin')
    expect((await response.text()).length).toBeGreaterThan(0)
  })

  test('a Vary of the route stays', async () => {
    expect((await ask(app, '/varies', listed)).headers.get('vary')).toBe('Accept-Encoding, Origin')
  })

  test('is told beforehand what it may send', async () => {
    const response = await ask(app, '/', listed, 'OPTIONS', 'DELETE')
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-max-age': '7200',
      vary: 'Origin',
    })
    const mayBeSent = listIn(response, 'access-control-allow-headers')
    expect(mayBeSent).toEqual(expect.arrayContaining(['Authorization', 'Content-Type', 'Last-Event-ID']))
    expect(await response.text()).toBe('')
  })

  test('may use OpenAI’s client in its page', async () => {
    const response = await ask(app, '/', listed, 'OPTIONS', 'POST')
    const mayBeSent = listIn(response, 'access-control-allow-headers').map((name) => name.toLowerCase())
    const sent: string[] = []
    const client = new OpenAI({
      apiKey: 'x',
      organization: 'o',
      project: 'p',
      dangerouslyAllowBrowser: true,
      maxRetries: 0,
      fetch: async (_, init) => {
        sent.push(...new Headers(init?.headers).keys())
        return new Response('{}', { headers: { 'content-type': 'application/json' } })
      },
    })
    const question = { model: 'm', messages: [{ role: 'user' as const, content: 'hello' }] }
    await client.chat.completions.create(question, { timeout: 1000, idempotencyKey: 'i' })
    const free = ['accept', 'content-length', 'user-agent']
    expect(sent.filter((name) => !mayBeSent.includes(name) && !free.includes(name))).toEqual([])
    expect(sent.some((name) => name.startsWith('x-stainless-'))).toBe(true)
  })

  test('gets its answers from every place on the list', async () => {
    const response = await ask(app, '/', 'http://localhost:3000')
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
  })
})

describe('any other origin', () => {
  test.each([
    'https://evil.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.com',
    'https://app.example.com/',
    'null',
    '*',
  ])('%s hears nothing', async (origin) => {
    const response = await ask(app, '/', origin)
    expect(response.status).toBe(200)
    expect(corsHeaders(response)).toEqual([])
    expect(response.headers.get('vary')).toBe('Origin')
    expect(corsHeaders(await ask(app, '/', origin, 'OPTIONS', 'POST'))).toEqual([])
  })

  test('neither does a request without one, and caches know', async () => {
    const response = await ask(app, '/', null)
    expect(corsHeaders(response)).toEqual([])
    expect(response.headers.get('vary')).toBe('Origin')
  })
})

test('an empty list: no such headers, ever', async () => {
  for (const [method, asked] of [
    ['GET', null],
    ['POST', null],
    ['OPTIONS', 'POST'],
  ] as const) {
    const response = await ask(closed, '/', listed, method, asked)
    expect(corsHeaders(response)).toEqual([])
    expect(response.headers.has('vary')).toBe(false)
  }
})

test('an OPTIONS that asks nothing goes its way', async () => {
  expect((await ask(app, '/', listed, 'OPTIONS')).status).toBe(404)
})
