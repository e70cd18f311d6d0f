import { type EventStream, readEvents } from './event-stream.ts'

/** A program of somebody with an account: Bearer tokens, JSON, streams. */
export interface ApiPerson {
  /** What its requests carry under this name. */
  authorization: string
  /** Sends to any instance that knows the account. Throws when it is refused. */
  json<Body>(method: string, path: string, body?: unknown): Promise<Body>
  fetch(path: string, init?: RequestInit): Promise<Response>
  newConversation(): Promise<string>
  /** Asks, and reads the events as they come. */
  ask(conversationId: string, content: string, more?: Record<string, unknown>): Promise<EventStream>
  follow(turnId: string, after?: number): Promise<EventStream>
  /** The same person, asking at another address. */
  at(origin: string): ApiPerson
}

let count = 0

export async function registerPerson(origin: string): Promise<ApiPerson> {
  const username = `person_${++count}_${Math.random().toString(36).slice(2, 8)}`
  const response = await fetch(`${origin}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'vexing-7 quince' }),
  })
  if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`)
  const { access_token } = (await response.json()) as { access_token: string }
  return personWith(origin, access_token)
}

function personWith(origin: string, token: string): ApiPerson {
  const authorization = `Bearer ${token}`
  const person: ApiPerson = {
    authorization,
    fetch(path, init = {}) {
      const headers = new Headers(init.headers)
      headers.set('authorization', authorization)
      if (init.body) headers.set('content-type', 'application/json')
      return fetch(origin + path, { ...init, headers })
    },
    async json<Body>(method: string, path: string, body?: unknown) {
      const response = await person.fetch(path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as Body
    },
    async newConversation() {
      const { id } = await person.json<{ id: string }>('POST', '/api/v1/conversations', { title: 'A talk' })
      return id
    },
    async ask(conversationId, content, more = {}) {
      const path = `/api/v1/conversations/${conversationId}/messages/stream`
      return streamOf(
        await person.fetch(path, { method: 'POST', body: JSON.stringify({ content, ...more }) }),
      )
    },
    follow: async (turnId, after = 0) =>
      streamOf(await person.fetch(`/api/v1/turns/${turnId}/events?after=${after}`)),
    at: (other) => personWith(other, token),
  }
  return person
}

async function streamOf(response: Response): Promise<EventStream> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return readEvents(response)
}
