import type { changePasswordBody, meView, sessionsView, userBody } from '../../../modules/auth/schema.ts'
import { call } from '../../api.ts'

export type Person = typeof meView.static.user
export type PersonChanges = typeof userBody.static
export type Session = (typeof sessionsView.static.items)[number]

const me = 'api/v1/users/me'

export const fetchPerson = async () => (await call<typeof meView.static>('GET', me)).user
export const updatePerson = async (changes: PersonChanges) =>
  (await call<typeof meView.static>('PUT', me, changes)).user
export const changePassword = (body: typeof changePasswordBody.static) =>
  call<null>('POST', `${me}/change-password`, body)

export const fetchSessions = async () =>
  (await call<typeof sessionsView.static>('GET', `${me}/sessions`)).items
export const endSession = (id: string) => call<null>('DELETE', `${me}/sessions/${id}`)
export const endOtherSessions = () => call<null>('DELETE', `${me}/sessions`)
