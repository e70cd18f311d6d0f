import { type AnswerOf, ask, type BodyOf } from './ask.ts'

export type ConversationPage = AnswerOf<'GET', 'conversations'>
export type ConversationChanges = BodyOf<'PUT', 'conversations/:id'>
export type Tag = AnswerOf<'PUT', 'tags/:id'>
export type ListedTag = AnswerOf<'GET', 'tags'>['items'][number]
export type Hit = AnswerOf<'GET', 'search'>['items'][number]
export type ManyAction = BodyOf<'POST', 'conversations/bulk'>['action']

export type Shelf = 'current' | 'archived' | 'deleted'

export const fetchConversations = (shelf: Shelf, tag: string | null, cursor: string | null) =>
  ask('GET', 'conversations', {
    query: {
      archived: shelf === 'archived' ? 'true' : null,
      deleted: shelf === 'deleted' ? 'true' : null,
      tag,
      cursor,
      limit: 40,
    },
  })

export const updateConversation = (id: string, body: ConversationChanges) =>
  ask('PUT', 'conversations/:id', { params: { id }, body })
export const archiveConversation = (id: string) =>
  ask('POST', 'conversations/:id/archive', { params: { id } })
export const unarchiveConversation = (id: string) =>
  ask('POST', 'conversations/:id/unarchive', { params: { id } })
export const deleteConversation = (id: string) => ask('DELETE', 'conversations/:id', { params: { id } })
export const restoreConversation = (id: string) =>
  ask('POST', 'conversations/:id/restore', { params: { id } })
export const forkConversation = (id: string, messageId: string) =>
  ask('POST', 'conversations/:id/fork', { params: { id }, body: { message_id: messageId } })
export const setTags = (id: string, tags: string[]) =>
  ask('PUT', 'conversations/:id/tags', { params: { id }, body: { tags } })

export const changeMany = (ids: string[], action: ManyAction, tag?: string) =>
  ask('POST', 'conversations/bulk', { body: { ids, action, ...(tag === undefined ? {} : { tag }) } })

export const fetchTags = () => ask('GET', 'tags')
export const renameTag = (id: string, name: string, merge: boolean) =>
  ask('PUT', 'tags/:id', { params: { id }, body: { name, merge } })
export const deleteTag = (id: string) => ask('DELETE', 'tags/:id', { params: { id } })

export interface SearchWish {
  text: string
  conversationId: string | null
  role: 'user' | 'assistant' | null
  /** Moments; empty: none is named. */
  from: string
  to: string
}

export const search = ({ text, conversationId, role, from, to }: SearchWish, cursor: string | null) =>
  ask('GET', 'search', {
    query: { q: text, conversation_id: conversationId, role, from, to, cursor, limit: 20 },
  })

/** What is null or empty is left out. */
export function query(wishes: Record<string, string | null>): string {
  const named = Object.entries(wishes).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return named.length === 0 ? '' : `?${new URLSearchParams(named)}`
}
