import type { quotaView } from '../modules/usage/schema.ts'
import { call } from './api.ts'

export type Quota = typeof quotaView.static
export type QuotaWindow = Quota['windows'][number]

export const fetchQuota = () => call<Quota>('GET', 'api/v1/users/me/quota')
