import type { StartData } from '../modules/chat/events.ts'
import type { summariesView } from '../modules/chat/summary-schema.ts'
import type {
  conversationsView,
  conversationView,
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

export const createConversation = () => call<Conversation>('POST', `${api}/conversations`, {})
export const fetchConversation = (id: string) => call<Conversation>('GET', `${api}/conversations/${id}`)
export const fetchLatest = () => call<typeof conversationsView.static>('GET', `${api}/conversations?limit=8`)
export const stopTurn = (id: string) => call<null>('DELETE', `${api}/turns/${id}`)

/** A page of what is shown of it, oldest first: the newest page, or the one before a cursor. */
export const fetchMessages = (id: string, cursor: string | null = null) =>
  call<MessagePage>(
    'GET',
    `${api}/conversations/${id}/messages${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`,
  )

/** What stands for a message and all before it; null: nothing does any more. */
export async function fetchSummary(id: string, messageId: string): Promise<string | null> {
  const { items } = await call<typeof summariesView.static>('GET', `${api}/conversations/${id}/summaries`)
  return items.find(({ through_message_id }) => through_message_id === messageId)?.text ?? null
}

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
export function continuation(messageId: string): TurnSource {
  const { headers, body } = jsonBody({})
  return {
    ask: {
      path: `${api}/messages/${messageId}/continue`,
      init: { method: 'POST', headers: { ...headers, ...asStream }, body },
    },
  }
}

const asStream = { accept: 'text/event-stream' }
