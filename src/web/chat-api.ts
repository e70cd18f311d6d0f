import type { StartData } from '../modules/chat/events.ts'
import { addressOf } from './address-of.ts'
import { call, jsonBody } from './api.ts'
import { type AnswerOf, ask, type BodyOf } from './ask.ts'
import type { TurnSource } from './follow-turn.ts'

export type Conversation = AnswerOf<'GET', 'conversations/:id'>
export type MessagePage = AnswerOf<'GET', 'conversations/:id/messages'>
export type StoredMessage = MessagePage['items'][number]
export type Summary = AnswerOf<'GET', 'conversations/:id/summaries'>['items'][number]
export type TurnStart = StartData
export type NewConversation = BodyOf<'POST', 'conversations'>

export const createConversation = (body: NewConversation) => ask('POST', 'conversations', { body })
export const fetchConversation = (id: string) => ask('GET', 'conversations/:id', { params: { id } })
export const stopTurn = (id: string) => ask('DELETE', 'turns/:id', { params: { id } })

/** A page of what is shown of it, oldest first: the newest page, or the one before a cursor. */
export const fetchMessages = (id: string, cursor: string | null = null, limit = 30) =>
  ask('GET', 'conversations/:id/messages', { params: { id }, query: { limit, cursor } })

/** What stands for a message and all before it; null: nothing does any more. */
export async function fetchSummary(id: string, messageId: string): Promise<string | null> {
  const { items } = await ask('GET', 'conversations/:id/summaries', { params: { id } })
  return items.find(({ through_message_id }) => through_message_id === messageId)?.text ?? null
}

/** Made anew by the model; null: that takes longer, and will be heard of. */
export async function remakeSummary(id: string): Promise<Summary | null> {
  const made = await call<AnswerOf<'POST', 'conversations/:id/summaries'>>(
    'POST',
    addressOf('conversations/:id/summaries', { id }),
    {},
    summaryPatienceMs,
  )
  return 'text' in made ? made : null
}

/** The server waits for three quarters of a minute itself. */
const summaryPatienceMs = 60_000

/** With all that follows it. */
export const deleteMessage = (id: string) => ask('DELETE', 'messages/:id', { params: { id } })
export const rateMessage = (id: string, rating: 'up' | 'down', note: string | null) =>
  ask('POST', 'messages/:id/rating', { params: { id }, body: { rating, note } })
export const unrateMessage = (id: string) => ask('DELETE', 'messages/:id/rating', { params: { id } })

/** Asks once, however often it is sent: `key` is the name of the question. */
export function question(conversationId: string, content: string, key: string): TurnSource {
  const { headers, body } = jsonBody({ content } satisfies BodyOf<
    'POST',
    'conversations/:id/messages/stream'
  >)
  return {
    ask: {
      path: addressOf('conversations/:id/messages/stream', { id: conversationId }),
      init: { method: 'POST', headers: { ...headers, ...asStream, 'idempotency-key': key }, body },
    },
  }
}

/** Goes on with an answer that was cut short; makes it anew when there is nothing of it. */
export const continuation = (messageId: string) =>
  again('POST', addressOf('messages/:id/continue', { id: messageId }), {})

/** Another answer to the same question. */
export const regeneration = (messageId: string, model: string | null) =>
  again('POST', addressOf('messages/:id/regenerate', { id: messageId }), model === null ? {} : { model })

/** The question in other words, beside the one that was asked. */
export const edition = (messageId: string, content: string) =>
  again('PUT', addressOf('messages/:id', { id: messageId }), { content })

type Again = BodyOf<'POST', 'messages/:id/regenerate'> | BodyOf<'PUT', 'messages/:id'>

/** Asked twice it is refused while the first one is being answered. */
function again(method: string, path: string, wish: Again): TurnSource {
  const { headers, body } = jsonBody(wish)
  return { ask: { path, init: { method, headers: { ...headers, ...asStream }, body } } }
}

const asStream = { accept: 'text/event-stream' }
