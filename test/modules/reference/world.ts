import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import type { Client } from '../../../src/lib/client.ts'
import { createTokenSession } from '../../../src/modules/auth/sessions.ts'
import type { TestApp } from '../../support/harness.ts'

/** The service with people in it, and all that can be asked for by an id. */
export interface World {
  app: TestApp
  /** Whose everything here is. */
  owner: Member
  stranger: Member
  admin: Member
  newMember(): Promise<Member>
  /** A thing of the owner: made for this once. */
  conversation(): Promise<string>
  question(): Promise<string>
  answer(): Promise<string>
  turn(): Promise<string>
  tag(): Promise<string>
  share(): Promise<{ id: string; token: string }>
  session(): Promise<string>
  key(): Promise<string>
  image(): Promise<string>
  plan(): Promise<string>
  topUpCode(): Promise<{ id: string; code: string }>
  /** An answer that can be continued. */
  broken(): Promise<{ conversation: string; answer: string }>
  /** The owner's, as a page has it. */
  cookie(): Promise<string>
  /** Of a conversation in which an answer is being made, until the world ends. */
  running(id?: string): Promise<{ conversation: string; turn: string; question: string; answer: string }>
  /** Another one each time. */
  word(): string
}

export interface Member {
  username: string
  email: string
  /** A session of its own. */
  logIn(): Promise<{ authorization: string; refreshToken: string; sessionId: string }>
  json<Body>(method: string, path: string, body?: unknown): Promise<Body>
}

export const password = 'vexing-7 quince'
const client: Client = { ip: '127.0.0.1', userAgent: null, locale: 'en' }

export async function createWorld(app: TestApp): Promise<World> {
  let count = 0
  const word = () => `w${++count}x${Math.random().toString(36).slice(2, 8)}`
  const newMember = () => createMember(app, word())
  const owner = await newMember()
  const stranger = await newMember()
  const admin = await newMember()
  await app.deps.db.execute(sql`update users set role = 'admin' where username = ${admin.username}`)

  const conversation = async () =>
    (await owner.json<{ id: string }>('POST', '/conversations', { title: 'A talk' })).id
  const asked = async () => {
    const id = await conversation()
    const turn = await owner.json<Turn>('POST', `/conversations/${id}/messages`, { content: 'Hello there' })
    return { id, question: turn.user_message.id, answer: turn.assistant_message.id }
  }
  const running = async (given?: string) => {
    const id = given ?? (await conversation())
    const start = await begin(app, owner, id, 'deepseek/hang-stream')
    return {
      conversation: id,
      turn: start.turn_id,
      question: start.user_message_id,
      answer: start.assistant_message_id,
    }
  }
  return {
    app,
    owner,
    stranger,
    admin,
    newMember,
    word,
    conversation: async () => (await asked()).id,
    question: async () => (await asked()).question,
    answer: async () => (await asked()).answer,
    turn: async () => (await begin(app, owner, await conversation())).turn_id,
    tag: async () => (await owner.json<{ id: string }>('POST', '/tags', { name: word() })).id,
    share: async () => owner.json('POST', `/conversations/${(await asked()).id}/shares`, {}),
    session: async () => (await owner.logIn()).sessionId,
    key: async () => (await owner.json<{ id: string }>('POST', '/keys', { name: 'A program' })).id,
    async image() {
      const { items } = await owner.json<{ items: { id: string }[] }>('POST', '/images', { prompt: 'A cat' })
      return items[0]?.id ?? ''
    },
    plan: async () =>
      (
        await admin.json<{ name: string }>('POST', '/admin/plans', {
          name: word(),
          limits: { requests_day: 5 },
        })
      ).name,
    async topUpCode() {
      type Made = { items: [{ id: string; code: string }] }
      return (await admin.json<Made>('POST', '/admin/top-up-codes', { micros: 5 })).items[0]
    },
    async broken() {
      const id = await conversation()
      const { authorization } = await owner.logIn()
      await fetch(`${app.url}/api/v1/conversations/${id}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ content: 'Tell me', model: 'deepseek/cut' }),
      })
      const { items } = await owner.json<{ items: { id: string }[] }>('GET', `/conversations/${id}/messages`)
      return { conversation: id, answer: items.at(-1)?.id ?? '' }
    },
    async cookie() {
      const visitor = app.visitor()
      await visitor.post('/auth/login', { identifier: owner.email, password })
      return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    },
    running,
  }
}

interface Turn {
  user_message: { id: string }
  assistant_message: { id: string }
}

async function createMember(app: TestApp, username: string): Promise<Member> {
  const email = `${username}@example.com`
  // Weak, since it is checked hundreds of times here.
  const hash = await Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: 1024, timeCost: 1 })
  const made = await app.deps.db.execute(sql`
    with person as (
      insert into users (uid, username, email) values (${username}, ${username}, ${email}) returning id, uid
    ), proof as (
      insert into credentials (user_id, type, secret_hash) select id, 'password', ${hash} from person
    )
    select id::int as id, uid from person`)
  const [row] = rowsOf<{ id: number; uid: string }>(made)
  if (row === undefined) throw new Error('nobody was made')
  const logIn: Member['logIn'] = async () => {
    const tokens = await createTokenSession(app.deps, row, null, client)
    if (tokens === null) throw new Error('the account is gone')
    const { accessToken, refreshToken } = tokens
    const sessionId = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid
    return { authorization: `Bearer ${accessToken}`, refreshToken, sessionId }
  }
  return {
    username,
    email,
    logIn,
    json: async (method, path, body) =>
      JSON.parse((await send(app, method, path, body, (await logIn()).authorization)) || 'null'),
  }
}

async function send(app: TestApp, method: string, path: string, body: unknown, authorization = '') {
  const response = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text
}

/** Asks, and goes away when the answer has begun. */
async function begin(app: TestApp, member: Member, id: string, model?: string) {
  const { authorization } = await member.logIn()
  const response = await fetch(`${app.url}/api/v1/conversations/${id}/messages/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, accept: 'application/x-ndjson' },
    body: JSON.stringify({ content: 'Tell me', ...(model ? { model } : {}) }),
  })
  if (response.body === null) throw new Error('no body')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('\n')) text += (await reader.read()).value ?? ''
  await reader.cancel()
  return JSON.parse(text.split('\n')[0] ?? '').data as {
    turn_id: string
    user_message_id: string
    assistant_message_id: string
  }
}
