import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { type Route, routesOfTheApp } from '../support/harness.ts'
import { hostileBodies, hostileHeaders, hostilePaths, hostileValues } from '../support/hostile.ts'
import { type RawRequest, type RawResponse, rawRequest } from '../support/raw-request.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { createVisitor } from '../support/visitor.ts'

setDefaultTimeout(300_000)

const json: [string, string] = ['Content-Type', 'application/json']
/** Of routes without a schema: those of the earlier front end. */
const faceFields = [
  'email',
  'phone',
  'password',
  'identifier',
  'token',
  'message',
  'guideMode',
  'presetId',
  'locale',
]
/** A question with which every route gets past its first checks. */
const good = {
  email: 'a@example.com',
  password: 'correct horse 1',
  identifier: 'a@example.com',
  token: 'x'.repeat(43),
  message: 'hello',
  content: 'hello',
  current_password: 'not this one 1',
  new_password: 'another horse 2',
}

let people = 0

/** Each of its fields with each hostile value, as somebody new: or the second would be refused before the rest is looked at. */
function bodiesFor({ fields }: Pick<Route, 'fields'>): string[] {
  return (fields.length > 0 ? fields : faceFields).flatMap((field) =>
    hostileValues.map((value) =>
      JSON.stringify({ ...good, email: `f${people++}@example.com`, [field]: value }),
    ),
  )
}

const isForMembers = (path: string) => path.startsWith('/api/v1/') && !path.startsWith('/api/v1/auth/')

describeOnStacks('hostile requests to every route', (stack) => {
  let upstream: Upstream
  let app: BinaryOnStack
  let routes: Route[]

  beforeAll(async () => {
    routes = await routesOfTheApp()
    upstream = startUpstream({ record: false })
    app = await startBinaryOnStack(stack, { upstream: upstream.url })
    expect((await createVisitor(app.url).post('/auth/register', good)).status).toBe(201)
  })
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await upstream?.stop()
  })

  test('the routes are known', () => {
    const known = routes.map(({ method, path }) => `${method} ${path}`)
    for (const route of [
      'POST /auth/login',
      'POST /cloudchat/auth/login',
      'POST /deepseek_chat',
      'POST /api/v1/auth/refresh',
      'PUT /api/v1/users/me',
      'DELETE /api/v1/users/me/sessions/:id',
      'POST /api/v1/conversations/:id/messages/stream',
      'GET /api/v1/ws/chat',
      'GET /readyz',
    ]) {
      expect(known).toContain(route)
    }
  })

  test('bodies', async () => {
    await tryAll(
      routes.flatMap((route) =>
        Object.values(hostileBodies).map((body) => ({ ...route, headers: [json], body })),
      ),
    )
  })

  test('fields', async () => {
    // What only those may use who are logged in comes below.
    const writing = routes.filter(
      ({ method, path }) => method !== 'GET' && method !== 'HEAD' && !isForMembers(path),
    )
    await tryAll(
      writing
        .filter(({ path }) => !path.startsWith('/cloudchat'))
        .flatMap((route) => bodiesFor(route).map((body) => ({ ...route, headers: [json], body }))),
    )
  })

  test('bodies and fields of somebody who is logged in', async () => {
    const logIn = await createVisitor(app.url).post('/api/v1/auth/login', good)
    const { access_token } = (await logIn.json()) as { access_token: string }
    const headers = [json, ['Authorization', `Bearer ${access_token}`] satisfies [string, string]]
    const post = async (path: string, body: object) => {
      const response = await fetch(app.url + path, {
        method: 'POST',
        headers: headers as [string, string][],
        body: JSON.stringify(body),
      })
      return (await response.json()) as { id: string; assistant_message: { id: string } }
    }
    const { id } = await post('/api/v1/conversations', { title: 'A talk' })
    const { assistant_message } = await post(`/api/v1/conversations/${id}/messages`, { content: 'hello' })
    // With ids that there are, so that more is looked at than those. What deletes finds nothing.
    const writing = routes
      .filter(({ method, path }) => method !== 'GET' && isForMembers(path))
      .map(({ method, path, fields }) =>
        method === 'DELETE'
          ? { method, path: path.replace(':id', crypto.randomUUID()), fields }
          : {
              method,
              fields,
              path: path
                .replace('conversations/:id', `conversations/${id}`)
                .replace('messages/:id', `messages/${assistant_message.id}`),
            },
      )
    await tryAll(
      writing.flatMap((route) =>
        [...Object.values(hostileBodies), ...bodiesFor(route)].map((body) => ({ ...route, headers, body })),
      ),
    )
    // They were asked as somebody, and not turned away at the door.
    const asked = await fetch(`${app.url}/api/v1/users/me`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(asked.status).toBe(200)
  })

  test('headers', async () => {
    const body = JSON.stringify(good)
    await tryAll(
      routes.flatMap((route) =>
        hostileHeaders.map((header) => {
          const isPost = route.method !== 'GET' && route.method !== 'HEAD'
          const headers = isPost && header[0] !== 'Content-Type' ? [json, header] : [header]
          return { ...route, headers, body: isPost ? body : null }
        }),
      ),
    )
  })

  test('paths and methods', async () => {
    const methods = [
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'NONSENSE',
    ]
    const paths = [
      ...hostilePaths,
      ...routes.map(({ path }) => `${path}?${'a=1&'.repeat(50)}%=%ff&__proto__=1`),
    ]
    await tryAll(
      paths.flatMap((path) => methods.map((method) => ({ method, path, headers: [json], body: '{}' }))),
    )
  })

  test('any JSON whatever', async () => {
    const posts = routes.filter(({ method, path }) => method === 'POST' && !path.startsWith('/cloudchat'))
    const body = fc.oneof(
      fc.json(),
      fc.dictionary(fc.constantFrom(...faceFields), fc.jsonValue()).map((value) => JSON.stringify(value)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...posts), body, async (route, text) => {
        await tryAll([{ ...route, headers: [json], body: text }])
      }),
      { numRuns: 500 },
    )
  })

  test('the process has lived through it, and nothing went uncaught', async () => {
    expect(await Promise.race([app.binary.ended(), 'alive'])).toBe('alive')
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200)
    expect(await createVisitor(app.url).chat('still there?')).not.toBe('')
    expect(app.binary.output()).not.toContain('uncaught')
    expect(app.binary.output()).not.toContain('unhandled')
  })

  /** Sends them all, some at a time. None may be answered by a fault of ours. */
  async function tryAll(requests: RawRequest[]): Promise<void> {
    const faults: string[] = []
    const waiting = requests.entries()
    const sender = async () => {
      for (const [, request] of waiting) {
        const response = await Promise.race([
          rawRequest(app.binary.port, request),
          Bun.sleep(30_000).then(() => null),
        ])
        const fault = faultOf(response)
        if (fault) faults.push(`${fault}: ${describeRequest(request)}`)
      }
    }
    await Promise.all(Array.from({ length: 16 }, sender))
    expect(faults.slice(0, 20)).toEqual([])
    expect((await fetch(`${app.url}/livez`)).status).toBe(200)
  }
})

/** 503 is the documented answer of a service that has too much to do; 0 is a connection that was closed at once. */
function faultOf(response: RawResponse | null): string | null {
  if (!response) return 'no answer'
  const { status, body } = response
  return status >= 500 && status !== 503 ? `${status} ${body.slice(0, 200)}` : null
}

function describeRequest({ method, path, headers = [], body }: RawRequest): string {
  const text =
    body === null || body === undefined ? 'no body' : Buffer.from(body).toString('latin1').slice(0, 120)
  return `${method} ${path.slice(0, 100)} ${headers.map((header) => header.join(': ').slice(0, 80)).join(' | ')} ${text}`
}
