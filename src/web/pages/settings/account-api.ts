import { type AnswerOf, ask, type BodyOf } from '../../ask.ts'

export type Person = AnswerOf<'GET', 'users/me'>['user']
export type PersonChanges = BodyOf<'PUT', 'users/me'>
export type Session = AnswerOf<'GET', 'users/me/sessions'>['items'][number]

export const fetchPerson = async () => (await ask('GET', 'users/me')).user
export const updatePerson = async (body: PersonChanges) => (await ask('PUT', 'users/me', { body })).user
export const changePassword = (body: BodyOf<'POST', 'users/me/change-password'>) =>
  ask('POST', 'users/me/change-password', { body })

export const fetchSessions = async () => (await ask('GET', 'users/me/sessions')).items
export const endSession = (id: string) => ask('DELETE', 'users/me/sessions/:id', { params: { id } })
export const endOtherSessions = () => ask('DELETE', 'users/me/sessions')
