import { afterAll, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { Elysia, t } from 'elysia'
import { jsonBody, readBody, readJson } from '../../src/http/body.ts'
import { problem } from '../../src/http/problem.ts'
import { createLog } from '../../src/lib/log.ts'

const limitBytes = 1000

let begun = Promise.withResolvers<void>()
let failure = Promise.withResolvers<unknown>()

const app = new Elysia({ serve: { hostname: '127.0.0.1' } })
  .use(problem({ shapeOf: () => 'problem', log: createLog('silent') }))
  .post('/bytes', async ({ request }) => ({ size: (await readBody(request, limitBytes)).length }))
  .post('/json', async ({ request }) => ({ json: (await readJson(request, limitBytes)) ?? 'none' }))
  .post(
    '/watched',
    async ({ request }) => {
      const body = readBody(request, limitBytes)
      begun.resolve()
      await body.catch(failure.resolve)
    },
    { parse: 'none' },
  )
  .use(
    new Elysia({ prefix: '/api' })
      .use(jsonBody(limitBytes))
      .post('/name', ({ body }) => body, { body: t.Object({ name: t.String() }) })
      .post('/nothing', () => ({ ok: true }))
      .post('/optional', ({ body }) => body ?? {}, {
        body: t.Optional(t.Object({ a: t.Optional(t.String()) })),
      }),
  )
  .listen(0)
const address = `http://127.0.0.1:${app.server?.port}`
afterAll(() => app.stop(true))

async function send(path: string, body: RequestInit['body'], type = 'application/json') {
  const headers = { 'content-type': type }
  const response = await fetch(address + path, { method: 'POST', headers, body })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

/** Without Content-Length. */
function chunked(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 100) controller.enqueue(bytes.subarray(at, at + 100))
      controller.close()
    },
  })
}

describe('readBody', () => {
  test('takes exactly the limit and not one byte more', async () => {
    expect((await send('/bytes', 'x'.repeat(1000))).body).toEqual({ size: 1000 })
    const refused = await send('/bytes', 'x'.repeat(1001))
    expect(refused.status).toBe(413)
    expect(refused.body.code).toBe('payload_too_large')
  })

  test('counts a body of undeclared length too', async () => {
    expect((await send('/bytes', chunked('x'.repeat(1000)))).body).toEqual({ size: 1000 })
    expect((await send('/bytes', chunked('x'.repeat(1001)))).status).toBe(413)
  })

  test('the answer to a body far too large reaches its sender', async () => {
    const large = Buffer.alloc(4_000_000)
    for (let tries = 0; tries < 5; tries++) expect((await send('/bytes', large)).status).toBe(413)
  })

  test('a client that leaves in the middle is no failure of ours', async () => {
    for (const head of ['Content-Length: 200\r\n\r\nab', 'Transfer-Encoding: chunked\r\n\r\n5\r\nab']) {
      begun = Promise.withResolvers()
      failure = Promise.withResolvers()
      const socket = connect(app.server?.port ?? 0, '127.0.0.1')
      socket.write(`POST /watched HTTP/1.1\r\nHost: x\r\n${head}`)
      await begun.promise
      socket.destroy()
      expect(await failure.promise).toMatchObject({ code: 'invalid_request' })
    }
  })

  test('no body is an empty one', async () => {
    expect((await send('/bytes', undefined)).body).toEqual({ size: 0 })
  })
})

describe('readJson', () => {
  test('reads any JSON, and nothing as nothing', async () => {
    expect((await send('/json', '{"a":[1,null]}')).body).toEqual({ json: { a: [1, null] } })
    expect((await send('/json', '')).body).toEqual({ json: 'none' })
  })

  test('what is not JSON or not UTF-8 is invalid_request', async () => {
    const deep = '['.repeat(900)
    for (const body of ['{', 'nul', Buffer.from([0x22, 0xff, 0x22]), deep]) {
      const { status, body: answer } = await send('/json', body)
      expect(status).toBe(400)
      expect(answer.code).toBe('invalid_request')
    }
  })

  test('nor what is nested more deeply than anybody needs', async () => {
    const nested = (depth: number, [open, close]: [string, string]) =>
      `${open.repeat(depth)}1${close.repeat(depth)}`
    for (const brackets of [
      ['[', ']'],
      ['{"a":', '}'],
    ] satisfies [string, string][]) {
      expect((await send('/json', nested(64, brackets))).status).toBe(200)
      expect((await send('/json', nested(65, brackets))).body.code).toBe('invalid_request')
    }
    // Not by how many there are, nor by those in texts.
    const flat = [`[${'[],'.repeat(200)}{}]`, JSON.stringify(`${'['.repeat(200)}"\\"${'{'.repeat(200)}`)]
    for (const body of flat) expect((await send('/json', body)).status).toBe(200)
    expect((await send('/json', `["\\\\",${'['.repeat(65)}`)).status).toBe(400)
  })

  test('__proto__ is dropped, however it is spelled', async () => {
    for (const key of ['__proto__', '\\u005f_proto__']) {
      const body = `{"${key}":{"admin":true},"deep":{"${key}":1,"b":2}}`
      const request = new Request('http://localhost/', { method: 'POST', body })
      const value = (await readJson(request, limitBytes)) as object
      expect(Object.keys(value)).toEqual(['deep'])
      expect(Object.assign({}, value)).toEqual({ deep: { b: 2 } })
    }
  })
})

describe('jsonBody', () => {
  test('a schema sees the parsed body', async () => {
    expect((await send('/api/name', '{"name":"Ann"}')).body).toEqual({ name: 'Ann' })
    const type = 'application/json; charset=utf-8'
    expect((await send('/api/name', '{"name":"Ann"}', type)).status).toBe(200)
    expect((await send('/api/name', '{"name":1}')).body.code).toBe('invalid_request')
  })

  test('too much, not JSON, another type, nothing', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(1000) })
    expect((await send('/api/name', large)).status).toBe(413)
    expect((await send('/api/name', chunked(large))).status).toBe(413)
    expect((await send('/api/name', '{')).body.code).toBe('invalid_request')
    expect((await send('/api/name', 'name=Ann', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await send('/api/name', '{"name":"Ann"}', 'text/plain')).status).toBe(415)
    expect((await send('/api/name', undefined)).status).toBe(400)
    expect((await send('/api/nothing', undefined)).status).toBe(200)
  })

  test('what is no object is not taken for an empty one', async () => {
    expect((await send('/api/optional', '{"a":"b"}')).body).toEqual({ a: 'b' })
    expect((await send('/api/optional', undefined)).body).toEqual({})
    for (const body of ['[]', '[{"a":"b"}]', '"text"', '7', 'true']) {
      expect((await send('/api/optional', body)).body.code).toBe('invalid_request')
    }
  })
})
