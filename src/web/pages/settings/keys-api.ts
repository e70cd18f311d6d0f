import type { keysView, keyView, newKeyBody, newKeyView } from '../../../modules/keys/schema.ts'
import { call } from '../../api.ts'

export type Key = typeof keyView.static
export type KeyWish = typeof newKeyBody.static
export type MadeKey = typeof newKeyView.static

const keys = 'api/v1/keys'

export const fetchKeys = async () => (await call<typeof keysView.static>('GET', keys)).items
export const createKey = (wish: KeyWish) => call<MadeKey>('POST', keys, wish)
export const updateKey = (id: string, wish: KeyWish) => call<Key>('PUT', `${keys}/${id}`, wish)
export const revokeKey = (id: string) => call<null>('DELETE', `${keys}/${id}`)
