import { type AnswerOf, ask, type BodyOf } from './ask.ts'

export type Share = AnswerOf<'PUT', 'shares/:id'>

export const createShare = (id: string, body: BodyOf<'POST', 'conversations/:id/shares'>) =>
  ask('POST', 'conversations/:id/shares', { params: { id }, body })
export const fetchShares = (cursor: string | null) => ask('GET', 'shares', { query: { cursor, limit: 50 } })
export const updateShare = (id: string, body: BodyOf<'PUT', 'shares/:id'>) =>
  ask('PUT', 'shares/:id', { params: { id }, body })
export const withdrawShare = (id: string) => ask('DELETE', 'shares/:id', { params: { id } })
