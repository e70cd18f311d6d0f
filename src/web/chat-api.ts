import type { StartData } from '../modules/chat/events.ts'
import type { summariesView } from '../modules/chat/summary-schema.ts'
import type {
  conversationView,
  createBody,
  messagesView,
  messageView,
} from '../modules/conversations/schema.ts'
import { call, jsonBody } from './api.ts'
import type { TurnSource } from './follow-turn.ts'

export type Conversation = typeof conversationView.static
export type StoredMessage = typeof messageView.static
export type MessagePage = typeof messagesView.static
export type TurnStart = StartData

const api = 'api/v1'

export type NewConversation = NonNullable<typeof createBody.static>

export const createConversation = (wish: NewConversation) =>
  call<Conversation>('POST', `${api}/conversations`, wish)
export const fetchConversation = (id: string) => call<Conversation>('GET', `${api}/conversations/${id}`)
export const stopTurn = (id: string) => call<null>('DELETE', `${api}/turns/${id}`)

/** A page of what is shown of it, oldest first: the newest page, or the one before a cursor. */
export const fetchMessages = (id: string, cursor: string | null = null, limit = 30) =>
  call<MessagePage>(
    'GET',
    `${api}/conversations/${id}/messages?limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
  )

/** What stands for a message and all before it; null: nothing does any more. */
export async function fetchSummary(id: string, messageId: string): Promise<string | null> {
  const { items } = await call<typeof summariesView.static>('GET', `${api}/conversations/${id}/summaries`)
  return items.find(({ through_message_id }) => through_message_id === messageId)?.text ?? null
}

/** With all that follows it. */
export const deleteMessage = (id: string) => call<null>('DELETE', `${api}/messages/${id}`)
export const rateMessage = (id: string, rating: 'up' | 'down', note: string | null) =>
  call<null>('POST', `${api}/messages/${id}/rating`, { rating, note })
export const unrateMessage = (id: string) => call<null>('DELETE', `${api}/messages/${id}/rating`)

/** Asks once, however often it is sent: `key` is the name of the question. */
export function question(conversationId: string, content: string, key: string): TurnSource {
  const { headers, body } = jsonBody({ content })
  return {
    ask: {
      path: `${api}/conversations/${conversationId}/messages/stream`,
      init: { method: 'POST', headers: { ...headers, ...asStream, 'idempotency-key': key }, body },
    },
  }
}

/** Goes on with an answer that was cut short; makes it anew when there is nothing of it. */
export const continuation = (messageId: string) => again('POST', `messages/${messageId}/continue`, {})

/** Another answer to the same question. */
export const regeneration = (messageId: string, model: string | null) =>
  again('POST', `messages/${messageId}/regenerate`, model === null ? {} : { model })

/** The question in other words, beside the one that was asked. */
export const edition = (messageId: string, content: string) =>
  again('PUT', `messages/${messageId}`, { content })

/** Asked twice it is refused while the first one is being answered. */
function again(method: string, path: string, wish: object): TurnSource {
  const { headers, body } = jsonBody(wish)
  return { ask: { path: `${api}/${path}`, init: { method, headers: { ...headers, ...asStream }, body } } }
}

const asStream = { accept: 'text/event-stream' }
