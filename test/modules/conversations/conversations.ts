import { expect } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createId } from '../../../src/lib/ids.ts'
import type { UserEvent } from '../../../src/modules/chat/events.ts'
import { followUserEvents } from '../../../src/modules/conversations/user-events.ts'
import type { StartApp, TestApp } from '../../support/harness.ts'

/** Somebody who is logged in. */
export interface Person {
  userId: number
  app: TestApp
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  put(path: string, body?: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
  ask(method: string, path: string, body?: BodyInit | null, headers?: Record<string, string>): Promise<Answer>
}

export interface Answer {
  status: number
  /** null: none. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says
  body: any
}

export interface Setting extends AsyncDisposable {
  app: TestApp
  ann: Person
  bob: Person
}

/** The service with two people in it. */
export async function withTwoPeople(start: StartApp, env: Record<string, string> = {}): Promise<Setting> {
  const app = await start({ LIMIT_API_USER: '0', LIMIT_API_AUTH_IP: '0', LIMIT_REGISTER_IP: '0', ...env })
  return {
    app,
    ann: await register(app, 'ann'),
    bob: await register(app, 'bob'),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

async function register(app: TestApp, username: string): Promise<Person> {
  const visitor = app.visitor()
  const registered = await visitor.post('/api/v1/auth/register', {
    username,
    password: 'vexing-7 quince',
    session: 'cookie',
  })
  expect(registered.status).toBe(201)
  const ask: Person['ask'] = async (method, path, body, headers = {}) => {
    const response = await visitor.fetch(`/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined || body === null ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text) }
  }
  const json = { 'content-type': 'application/json' }
  const send = (method: string) => (path: string, body?: unknown) =>
    body === undefined ? ask(method, path) : ask(method, path, JSON.stringify(body), json)
  const [row] = await rows<{ id: number }>(
    app,
    sql`select id::integer as id from users where username = ${username}`,
  )
  return {
    userId: row?.id as number,
    app,
    ask,
    get: send('GET'),
    post: send('POST'),
    put: send('PUT'),
    delete: send('DELETE'),
  }
}

export async function rows<Row>({ deps }: TestApp, query: ReturnType<typeof sql>): Promise<Row[]> {
  return rowsOf<Row>(await deps.db.execute(query))
}

/** A new conversation's id. */
export async function converse(person: Person, body: object = {}): Promise<string> {
  const { status, body: conversation } = await person.post('/conversations', body)
  expect(status).toBe(201)
  return conversation.id
}

export interface Planted {
  parent?: string | null
  content?: string
  role?: 'user' | 'assistant'
  status?: string
}

/** A message put straight into the database, a second after the one before, and shown last. */
export async function plant(
  { app, userId }: Person,
  conversationId: string,
  { parent = null, content = 'text', role = 'user', status = 'complete' }: Planted = {},
): Promise<string> {
  const id = createId()
  app.clock.advance(1)
  const now = app.clock.now.toISOString()
  const isAnswer = role === 'assistant'
  await app.deps.db.execute(sql`
    with planted as (
      insert into messages (id, conversation_id, user_id, parent_id, role, content, status, model, created_at)
      values (${id}::uuid, ${conversationId}::uuid, ${userId}, ${parent}::uuid, ${role}, ${content}, ${status},
        ${isAnswer ? 'deepseek/deepseek-chat' : null}, ${now}::timestamptz)
    )
    update conversations set current_message_id = ${id}::uuid, last_message_at = ${now}::timestamptz
    where id = ${conversationId}::uuid`)
  return id
}

/** A chain of messages, question and answer in turns; their ids, oldest first. */
export async function plantChain(
  person: Person,
  conversationId: string,
  length: number,
  parent: string | null = null,
): Promise<string[]> {
  const ids: string[] = []
  for (let at = 0; at < length; at++) {
    const role = at % 2 === 0 ? 'user' : 'assistant'
    ids.push(
      await plant(person, conversationId, { parent: ids.at(-1) ?? parent, role, content: `text ${at}` }),
    )
  }
  return ids
}

/** A running turn that answers a question, with what it has said so far. */
export async function plantTurn(
  person: Person,
  conversationId: string,
  questionId: string,
  said: string[] = [],
): Promise<{ turnId: string; answerId: string }> {
  const answerId = await plant(person, conversationId, {
    parent: questionId,
    role: 'assistant',
    content: '',
    status: 'running',
  })
  const turnId = createId()
  const { db } = person.app.deps
  await db.execute(sql`
    insert into turns (id, user_id, conversation_id, user_message_id, assistant_message_id, model, instance_id)
    values (${turnId}::uuid, ${person.userId}, ${conversationId}::uuid, ${questionId}::uuid, ${answerId}::uuid,
      'deepseek/deepseek-chat', ${createId()}::uuid)`)
  for (const [at, text] of said.entries()) {
    await db.execute(sql`
      insert into turn_chunks (turn_id, seq, text, reasoning)
      values (${turnId}::uuid, ${(at + 1) * 7}, ${text}, ${at === 0 ? 'hm' : ''})`)
  }
  return { turnId, answerId }
}

/** The branch that a person sees, page after page. */
export async function branchOf(person: Person, id: string, query = ''): Promise<string[]> {
  const { body } = await person.get(`/conversations/${id}/messages?limit=100${query}`)
  return body.items.map((message: { id: string }) => message.id)
}

/** What the other windows of a person are told from now on. */
export function overhear({ app, userId }: Person): {
  events: UserEvent[]
  until(count: number): Promise<void>
} {
  const events: UserEvent[] = []
  let wake = () => {}
  followUserEvents(app.deps, userId, (event) => {
    events.push(event)
    wake()
  })
  return {
    events,
    async until(count) {
      while (events.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

export function deleted(conversationId: string): UserEvent {
  return { type: 'conversation_changed', data: { conversation_id: conversationId, deleted: true } }
}

export function changed(conversationId: string): UserEvent {
  return { type: 'conversation_changed', data: { conversation_id: conversationId } }
}
