import { sql } from 'drizzle-orm'
import { type EventStream, type ReceivedEvent, readEvents } from '../../support/event-stream.ts'
import type { TestApp } from '../../support/harness.ts'
import type { Visitor } from '../../support/visitor.ts'
import { createConversation, rows } from './chat.ts'

/** Somebody with an account, a browser's session and a conversation. */
export interface Asker {
  visitor: Visitor
  userId: number
  conversationId: string
  cookie: string
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Asks for a stream; the events are read as they come. Throws when it is refused. */
  ask(content: string, more?: Record<string, unknown>): Promise<EventStream>
  follow(turnId: string, after?: number): Promise<EventStream>
  /** Ends the session, as from another device. */
  logOut(): Promise<unknown>
}

let count = 0

export async function createAsker(
  app: TestApp,
  conversation: { title?: string | null } = {},
): Promise<Asker> {
  const visitor = app.visitor()
  const username = `asker_${++count}`
  const registered = await visitor.post('/api/v1/auth/register', {
    username,
    password: 'vexing-7 quince',
    session: 'cookie',
  })
  if (registered.status !== 201) throw new Error(await registered.text())
  const userId = await idOf(app, username)
  const conversationId = await createConversation(app.deps, userId, conversation)
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  const send =
    (method: string) =>
    (path: string, body: unknown = {}, headers = {}) =>
      visitor.fetch(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })

  return {
    visitor,
    userId,
    conversationId,
    cookie,
    post: send('POST'),
    put: send('PUT'),
    async ask(content, more = {}) {
      return streamOf(
        await send('POST')(`/api/v1/conversations/${conversationId}/messages/stream`, { content, ...more }),
      )
    },
    follow: async (turnId, after = 0) =>
      streamOf(await visitor.get(`/api/v1/turns/${turnId}/events?after=${after}`)),
    logOut: () => fetch(`${app.url}/api/v1/auth/logout`, { method: 'POST', headers: { cookie } }),
  }
}

export function textOf(events: ReceivedEvent[]): string {
  let text = ''
  for (const { type, data } of events) {
    if (type === 'delta') text += data.text
    if (type === 'snapshot') text = String(data.text)
  }
  return text
}

async function streamOf(response: Response): Promise<EventStream> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return readEvents(response)
}

async function idOf({ deps }: TestApp, username: string): Promise<number> {
  const [user] = await rows<{ id: number }>(
    deps,
    sql`select id::integer as id from users where username = ${username}`,
  )
  if (user === undefined) throw new Error('no such user')
  return user.id
}
