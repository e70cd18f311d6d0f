import { type AnswerOf, ask, type BodyOf } from '../../ask.ts'

export type Key = AnswerOf<'GET', 'keys/:id'>
export type KeyWish = BodyOf<'POST', 'keys'>
export type MadeKey = AnswerOf<'POST', 'keys'>

export const fetchKeys = async () => (await ask('GET', 'keys')).items
export const createKey = (body: KeyWish) => ask('POST', 'keys', { body })
export const updateKey = (id: string, body: KeyWish) => ask('PUT', 'keys/:id', { params: { id }, body })
export const revokeKey = (id: string) => ask('DELETE', 'keys/:id', { params: { id } })
