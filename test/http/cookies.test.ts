import { afterAll, describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { type Cookies, cookies, readCookie } from '../../src/http/cookies.ts'

const config = {
  cookieSecure: 'never' as const,
  production: false,
  frontendBaseUrl: 'http://localhost:5000',
  trustedProxies: ['127.0.0.1'],
}

let streamCancelled = Promise.withResolvers<void>()
const endless = () =>
  new ReadableStream({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode('x'))
      await Bun.sleep(5)
    },
    cancel: () => streamCancelled.resolve(),
  })

function setTwo(jar: Cookies) {
  jar.set('cc_auth', 't0k_en-', { maxAgeSeconds: 604_800 })
  jar.set('cc_app', 'v', { expiresAt: new Date('2030-01-02T03:04:05Z') })
}

/** A module of its own, as the routes of the house are: the hooks must reach it. */
const routes = new Elysia({ name: 'routes' })
  .use(cookies(config))
  .get('/none', () => 'none')
  .get('/one', ({ cookies }) => {
    cookies.set('a', '1', { maxAgeSeconds: 60 })
    return { ok: true }
  })
  .get('/two', ({ cookies }) => {
    setTwo(cookies)
    return { ok: true }
  })
  .get('/response', ({ cookies }) => {
    setTwo(cookies)
    return new Response('made', { status: 201, headers: { 'x-own': 'kept' } })
  })
  .get('/stream', ({ cookies }) => {
    setTwo(cookies)
    return new Response(new Blob(['piece ', 'by piece']).stream(), { headers: { 'x-own': 'kept' } })
  })
  .get('/endless', ({ cookies }) => {
    setTwo(cookies)
    return new Response(endless())
  })
  .get('/thrown', ({ cookies }) => {
    setTwo(cookies)
    throw new Error('broken')
  })
  .get(
    '/thrown-early',
    () => {
      throw new Error('broken')
    },
    { beforeHandle: ({ cookies }) => setTwo(cookies) },
  )
  .get('/clear', ({ cookies }) => {
    cookies.clear('cc_auth')
    return { ok: true }
  })
  .get('/twice', ({ cookies }) => {
    cookies.clear('a')
    cookies.set('a', '2', { maxAgeSeconds: 60 })
    return { ok: true }
  })
  .get('/read', ({ cookies }) => ({ value: cookies.get('a') }))

const app = new Elysia({ serve: { hostname: '127.0.0.1' } })
  .onError(() => new Response('failed', { status: 500 }))
  .use(cookies(config))
  .use(routes)
  .listen(0)
const address = `http://127.0.0.1:${app.server?.port}`
afterAll(() => app.stop(true))

const two = [
  'cc_auth=t0k_en-; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax',
  'cc_app=v; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; HttpOnly; SameSite=Lax',
]

test('other instances’ routes are spared the work', async () => {
  const others = new Elysia({ name: 'others' }).get('/others', (context) => 'cookies' in context)
  const both = new Elysia().use(routes).use(others)
  expect(await (await both.handle(new Request('http://localhost/others'))).text()).toBe('false')
})

for (const [way, get] of [
  ['in process', (path: string) => app.handle(new Request(`http://localhost${path}`))],
  ['over a socket', (path: string) => fetch(address + path)],
] as const) {
  describe(`cookies, ${way}`, () => {
    test('an answer without any has no header', async () => {
      expect((await get('/none')).headers.getSetCookie()).toEqual([])
    })

    test('one', async () => {
      const response = await get('/one')
      expect(response.headers.getSetCookie()).toEqual(['a=1; Max-Age=60; Path=/; HttpOnly; SameSite=Lax'])
      expect(await response.json()).toEqual({ ok: true })
    })

    for (const path of ['/two', '/response', '/stream', '/thrown', '/thrown-early']) {
      test(`two with ${path}`, async () => {
        const response = await get(path)
        expect(response.headers.getSetCookie()).toEqual(two)
        await response.text()
      })
    }

    test('a native Response keeps its status, headers and body', async () => {
      const made = await get('/response')
      expect([made.status, made.headers.get('x-own'), await made.text()]).toEqual([201, 'kept', 'made'])
      const stream = await get('/stream')
      expect([stream.headers.get('x-own'), await stream.text()]).toEqual(['kept', 'piece by piece'])
    })

    test('clearing leaves an empty value that is over at once, for the whole site', async () => {
      expect((await get('/clear')).headers.getSetCookie()).toEqual(['cc_auth=; Max-Age=0; Path=/'])
    })

    test('what was set last is sent alone', async () => {
      expect((await get('/twice')).headers.getSetCookie()).toEqual([
        'a=2; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
      ])
    })
  })
}

test('a stream with cookies is told when the client leaves', async () => {
  streamCancelled = Promise.withResolvers()
  const response = await fetch(`${address}/endless`)
  expect(response.headers.getSetCookie()).toEqual(two)
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await streamCancelled.promise
})

test('answers to different requests do not share cookies', async () => {
  const responses = await Promise.all(['/one', '/two', '/none'].map((path) => fetch(address + path)))
  expect(responses.map((response) => response.headers.getSetCookie().length)).toEqual([1, 2, 0])
})

describe('Secure', () => {
  async function isSecure(
    overrides: Partial<Record<keyof typeof config, unknown>>,
    headers = {},
    name = 'a',
  ) {
    const made = new Elysia()
      .use(cookies({ ...config, ...overrides } as typeof config))
      .get('/', (context) => {
        context.cookies.set(name, '1', { maxAgeSeconds: 1 })
        return ''
      })
    const response = await made.handle(new Request('http://localhost/', { headers }))
    return response.headers.getSetCookie()[0]?.includes('; Secure')
  }

  test('always and never mean it', async () => {
    expect(await isSecure({ cookieSecure: 'always' })).toBe(true)
    expect(
      await isSecure({ cookieSecure: 'never', production: true, frontendBaseUrl: 'https://a.example' }),
    ).toBe(false)
  })

  test('auto: in production, and wherever the page is served over https', async () => {
    const auto = { cookieSecure: 'auto' }
    expect(await isSecure(auto)).toBe(false)
    expect(await isSecure({ ...auto, production: true })).toBe(true)
    expect(await isSecure({ ...auto, frontendBaseUrl: 'https://chat.example.com' })).toBe(true)
  })

  test('auto believes X-Forwarded-Proto from our own proxy only', async () => {
    const https = { 'x-forwarded-proto': 'https' }
    expect(await isSecure({ cookieSecure: 'auto' }, https)).toBe(true)
    expect(await isSecure({ cookieSecure: 'auto' }, { 'x-forwarded-proto': 'http' })).toBe(false)
    expect(await isSecure({ cookieSecure: 'auto', trustedProxies: ['10.0.0.0/8'] }, https)).toBe(false)
  })

  test('a name that browsers refuse without it gets it', async () => {
    expect(await isSecure({ cookieSecure: 'never' }, {}, '__Host-session')).toBe(true)
  })
})

describe('readCookie', () => {
  const read = (header: string, name = 'a') =>
    readCookie(new Request('http://localhost/', { headers: { cookie: header } }), name)

  test.each([
    ['a=1', '1'],
    ['b=2; a=1', '1'],
    ['b=2;a=1;', '1'],
    ['  a = 1 ', '1'],
    ['a="1"', '1'],
    ['a=x=y', 'x=y'],
    ['a=%E4%BD%A0', '你'],
    ['a=1; a=2', '1'],
    ['aa=2; a=1', '1'],
  ])('%s', (header, value) => {
    expect(read(header)).toBe(value)
  })

  test.each(['b=1', 'a', '=a', ';;;', 'a=', 'a=""', 'A=1', '__proto__=1', 'a.b=1'])(
    'nothing in %s',
    (header) => {
      expect(read(header)).toBeNull()
    },
  )

  test('no header', () => {
    expect(readCookie(new Request('http://localhost/'), 'a')).toBeNull()
  })

  test('bad percent signs are left as they are', () => {
    expect(read('a=%zz')).toBe('%zz')
    expect(read('a=%ff%fe')).toBe('%ff%fe')
  })

  test('names from the language itself are only names', () => {
    expect(read('__proto__=1; constructor=2', '__proto__')).toBe('1')
    expect(read('a=1', 'constructor')).toBeNull()
  })

  test('what is too long is ignored, and no second one takes its place', () => {
    expect(read(`a=${'x'.repeat(4096)}`)).toHaveLength(4096)
    expect(read(`a=${'x'.repeat(4097)}; a=1`)).toBeNull()
    expect(read(`b=${'x'.repeat(20_000)}; a=1`)).toBeNull()
  })

  test('a hostile header breaks no route', async () => {
    for (const cookie of [
      'a=%zz; __proto__=1',
      '=;=;=',
      'a=\u00ff',
      `${'a=1; '.repeat(2000)}`,
      'a={"b":1}',
    ]) {
      const response = await app.handle(new Request('http://localhost/read', { headers: { cookie } }))
      expect(response.status).toBe(200)
    }
    const json = await app.handle(new Request('http://localhost/read', { headers: { cookie: 'a={"b":1}' } }))
    expect(await json.json()).toEqual({ value: '{"b":1}' })
  })
})
