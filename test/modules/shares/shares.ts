import { expect } from 'bun:test'
import type { TestApp } from '../../support/harness.ts'
import { converse, type Person, plantChain } from '../conversations/conversations.ts'

export interface Made {
  id: string
  token: string
  url: string
  conversation_id: string
  title: string
  display_name: string | null
  created_at: string
  expires_at: string | null
}

export async function share(person: Person, conversationId: string, body: object = {}): Promise<Made> {
  const { status, body: made } = await person.post(`/conversations/${conversationId}/shares`, body)
  expect([status, made]).toEqual([201, expect.anything()])
  return made
}

/** A conversation of `length` messages and a link to it. */
export async function shareChain(person: Person, length = 2, body: object = {}): Promise<Made> {
  const id = await converse(person, { title: 'A talk' })
  await plantChain(person, id, length)
  return share(person, id, body)
}

/** As somebody without an account. */
export function look(app: TestApp, token: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/api/v1/shared/${token}`, { headers })
}

/** What was said, as somebody without an account reads it. */
export async function said(app: TestApp, token: string): Promise<string[]> {
  const response = await look(app, token)
  expect(response.status).toBe(200)
  const { messages } = (await response.json()) as { messages: { content: string }[] }
  return messages.map(({ content }) => content)
}

/** Without what names the request. */
export async function refusal(response: Response) {
  const { request_id, ...problem } = (await response.json()) as Record<string, unknown>
  return { status: response.status, problem, cacheControl: response.headers.get('cache-control') }
}
