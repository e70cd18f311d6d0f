import { describe, expect, test } from 'bun:test'
import { Elysia, status, t } from 'elysia'
import { AppError } from '../../src/errors.ts'
import { type ErrorShape, problem } from '../../src/http/problem.ts'
import { createLog } from '../../src/lib/log.ts'

const shapes: Record<string, ErrorShape> = { '/flat': 'flat', '/ok-flat': 'ok-flat' }

function setUp(thrown?: unknown) {
  const lines: string[] = []
  const log = createLog('trace', (line) => lines.push(line))
  const fail = () => {
    throw thrown
  }
  const app = new Elysia()
    .use(problem({ shapeOf: (pathname) => shapes[pathname] ?? 'problem', log }))
    .get('/', fail)
    .get('/flat', fail)
    .get('/ok-flat', fail)
    .post('/body', ({ body }) => body, {
      body: t.Object({ password: t.String({ minLength: 8 }), age: t.Optional(t.Integer()) }),
    })
    .post('/nullable', ({ body }) => body, {
      body: t.Object({
        price: t.Nullable(t.Number({ multipleOf: 1, minimum: 0 })),
        rate: t.Nullable(t.Object({ seconds: t.Nullable(t.Number({ maximum: 9 })) })),
        kinds: t.Array(t.Union([t.Literal('chat'), t.Literal('usage')])),
      }),
    })
    .get('/answer', () => ({ secret: 'hunter2' }) as never, {
      response: t.Object({ name: t.String() }),
    })
  const get = async (path: string, init?: RequestInit) => {
    const response = await app.handle(new Request(`http://localhost${path}`, init))
    return { response, body: JSON.parse(await response.text()) }
  }
  return { get, lines }
}

const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
})

describe('problem', () => {
  test('an AppError becomes problem details with code, request id, faults and Retry-After', async () => {
    const faults = [{ path: 'email', message: 'Not an e-mail address' }]
    const { get } = setUp(new AppError('rate_limited', 'Slow down', { retryAfterSeconds: 7, faults }))
    const { response, body } = await get('/', { headers: { 'x-request-id': 'abc-1' } })
    expect(response.status).toBe(429)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe('7')
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Slow down',
      code: 'rate_limited',
      request_id: 'abc-1',
      errors: faults,
    })
  })

  test('the live front end gets flat strings', async () => {
    const { get } = setUp(new AppError('conflict', 'Taken'))
    expect((await get('/flat')).body).toEqual({ error: 'Taken' })
    expect((await get('/ok-flat')).body).toEqual({ ok: false, error: 'Taken' })
    expect((await get('/ok-flat')).response.headers.get('content-type')).toBe('application/json')
  })

  test('the live front end gets its own texts for a large body and a database that is down', async () => {
    const large = setUp(new AppError('payload_too_large', 'x'))
    expect((await large.get('/ok-flat')).body).toEqual({ error: 'Request body is too large' })
    const down = setUp(new AppError('dependency_down', 'x'))
    const { response, body } = await down.get('/ok-flat')
    expect(response.status).toBe(503)
    expect(body).toEqual({ ok: false, error: 'Service unavailable' })
  })

  test('an AppError inside other errors is found', async () => {
    const inner = new AppError('dependency_down', 'No database', { cause: new Error('refused') })
    const { get } = setUp(new Error('query failed', { cause: inner }))
    const { response, body } = await get('/')
    expect(response.status).toBe(503)
    expect(body.code).toBe('dependency_down')
  })

  test('the unknown is internal, told to nobody and logged once without secrets', async () => {
    const cause = Object.assign(new Error('connect postgres://me:pa55word@db/x'), { code: 'E1' })
    const thrown = new Error('Failed query: insert\nparams: ann@example.com,hash', { cause })
    const { get, lines } = setUp(thrown)
    const { response, body } = await get('/?token=t0ken')
    expect(response.status).toBe(500)
    expect(body.detail).toBe('Something went wrong')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(body.request_id)
    expect(lines[0]).toContain('Failed query: insert')
    expect(lines[0]).toContain('E1')
    for (const secret of ['pa55word', 'ann@example.com', 't0ken']) {
      expect(lines[0]).not.toContain(secret)
      expect(JSON.stringify(body)).not.toContain(secret)
    }
  })

  test('what is thrown need not be an error', async () => {
    for (const thrown of ['text', 42, { code: 'not_found' }]) {
      expect((await setUp(thrown).get('/')).response.status).toBe(500)
    }
  })

  test('an error with a code of its own is not taken for one of ours', async () => {
    const { get } = setUp(Object.assign(new Error('x'), { code: 'NOT_FOUND', status: 418 }))
    expect((await get('/')).response.status).toBe(500)
  })

  test('a thrown status keeps its meaning', async () => {
    expect((await setUp(status(403)).get('/')).body.code).toBe('forbidden')
    expect((await setUp(status(422)).get('/')).response.status).toBe(400)
  })

  test('an unknown path and an unknown method are not_found', async () => {
    const { get } = setUp()
    expect((await get('/nowhere')).body.code).toBe('not_found')
    expect((await get('/body')).body.code).toBe('not_found')
  })

  test('a fault in the body is named and never repeated', async () => {
    const { get, lines } = setUp()
    const { response, body } = await get('/body', post('{"password":"hunter2","age":"old"}'))
    expect(response.status).toBe(400)
    expect(body.code).toBe('invalid_request')
    expect(body.errors.map((fault: { path: string }) => fault.path)).toEqual(['password', 'age'])
    expect(JSON.stringify(body)).not.toContain('hunter2')
    expect(lines).toEqual([])
  })

  test('where null would be right too, it is told what else was expected, and where', async () => {
    const { get } = setUp()
    const faultsOf = async (price: unknown, seconds: unknown = 1, kind = 'chat') => {
      const { body } = await get(
        '/nullable',
        post(JSON.stringify({ price, rate: { seconds }, kinds: [kind] })),
      )
      return body.errors
    }
    expect(await faultsOf(1.5)).toEqual([{ path: 'price', message: 'Expected a whole number' }])
    expect(await faultsOf('many')).toEqual([{ path: 'price', message: 'Expected number' }])
    expect(await faultsOf(-1)).toEqual([
      { path: 'price', message: 'Expected number to be greater or equal to 0' },
    ])
    expect(await faultsOf(null, 10)).toEqual([
      { path: 'rate/seconds', message: 'Expected number to be less or equal to 9' },
    ])
    expect(await faultsOf(null, null, 'all')).toEqual([
      { path: 'kinds/0', message: 'Expected one of chat, usage' },
    ])
  })

  test('a body that is not JSON is invalid_request', async () => {
    const { response, body } = await setUp().get('/body', post('{"password":'))
    expect(response.status).toBe(400)
    expect(body.code).toBe('invalid_request')
  })

  test('an answer that breaks its own schema is internal and not shown', async () => {
    const { get, lines } = setUp()
    const { response, body } = await get('/answer')
    expect(response.status).toBe(500)
    expect(body.code).toBe('internal')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('schema')
    expect(lines[0] + JSON.stringify(body)).not.toContain('hunter2')
  })
})
