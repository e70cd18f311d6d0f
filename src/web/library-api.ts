import type { conversationsView, updateBody } from '../modules/conversations/schema.ts'
import type { searchView } from '../modules/conversations/search-schema.ts'
import type { manyBody, manyView, tagsView, tagView } from '../modules/conversations/tag-schema.ts'
import { call } from './api.ts'
import type { Conversation } from './chat-api.ts'

export type ConversationPage = typeof conversationsView.static
export type ConversationChanges = typeof updateBody.static
export type Tag = typeof tagView.static
export type ListedTag = (typeof tagsView.static)['items'][number]
export type Hit = (typeof searchView.static)['items'][number]
export type ManyAction = (typeof manyBody.static)['action']

const api = 'api/v1'

export type Shelf = 'current' | 'archived' | 'deleted'

export const fetchConversations = (shelf: Shelf, tagId: string | null, cursor: string | null) =>
  call<ConversationPage>(
    'GET',
    `${api}/conversations${query({
      archived: shelf === 'archived' ? 'true' : null,
      deleted: shelf === 'deleted' ? 'true' : null,
      tag: tagId,
      cursor,
      limit: '40',
    })}`,
  )

export const updateConversation = (id: string, changes: ConversationChanges) =>
  call<Conversation>('PUT', `${api}/conversations/${id}`, changes)
export const archiveConversation = (id: string) =>
  call<Conversation>('POST', `${api}/conversations/${id}/archive`)
export const unarchiveConversation = (id: string) =>
  call<Conversation>('POST', `${api}/conversations/${id}/unarchive`)
export const deleteConversation = (id: string) => call<null>('DELETE', `${api}/conversations/${id}`)
export const restoreConversation = (id: string) =>
  call<Conversation>('POST', `${api}/conversations/${id}/restore`)
export const forkConversation = (id: string, messageId: string) =>
  call<Conversation>('POST', `${api}/conversations/${id}/fork`, { message_id: messageId })
export const setTags = (id: string, tags: string[]) =>
  call<Conversation>('PUT', `${api}/conversations/${id}/tags`, { tags })

export const changeMany = (ids: string[], action: ManyAction, tag?: string) =>
  call<typeof manyView.static>('POST', `${api}/conversations/bulk`, {
    ids,
    action,
    ...(tag === undefined ? {} : { tag }),
  })

export const fetchTags = () => call<typeof tagsView.static>('GET', `${api}/tags`)
export const renameTag = (id: string, name: string, merge: boolean) =>
  call<Tag>('PUT', `${api}/tags/${id}`, { name, merge })
export const deleteTag = (id: string) => call<null>('DELETE', `${api}/tags/${id}`)

export interface SearchWish {
  text: string
  conversationId: string | null
  role: 'user' | 'assistant' | null
  /** Days in UTC; empty: none is named. */
  from: string
  to: string
}

export const search = ({ text, conversationId, role, from, to }: SearchWish, cursor: string | null) =>
  call<typeof searchView.static>(
    'GET',
    `${api}/search${query({ q: text, conversation_id: conversationId, role, from, to, cursor, limit: '20' })}`,
  )

/** What is null or empty is left out. */
export function query(wishes: Record<string, string | null>): string {
  const named = Object.entries(wishes).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return named.length === 0 ? '' : `?${new URLSearchParams(named)}`
}
