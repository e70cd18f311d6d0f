import type { shareBody, shareChangesBody, sharesView, shareView } from '../modules/shares/schema.ts'
import { call } from './api.ts'
import { query } from './library-api.ts'

export type Share = typeof shareView.static

const api = 'api/v1'

export const createShare = (conversationId: string, wish: NonNullable<typeof shareBody.static>) =>
  call<Share>('POST', `${api}/conversations/${conversationId}/shares`, wish)
export const fetchShares = (cursor: string | null) =>
  call<typeof sharesView.static>('GET', `${api}/shares${query({ cursor, limit: '50' })}`)
export const updateShare = (id: string, changes: typeof shareChangesBody.static) =>
  call<Share>('PUT', `${api}/shares/${id}`, changes)
export const withdrawShare = (id: string) => call<null>('DELETE', `${api}/shares/${id}`)
