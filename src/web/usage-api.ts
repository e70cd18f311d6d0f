import { type AnswerOf, ask } from './ask.ts'

export type Quota = AnswerOf<'GET', 'users/me/quota'>
export type QuotaWindow = Quota['windows'][number]

export const fetchQuota = () => ask('GET', 'users/me/quota')

export type BalanceEntry = AnswerOf<'GET', 'users/me/balance/entries'>['items'][number]

export const fetchBalance = () => ask('GET', 'users/me/balance')
export const fetchBalanceEntries = (cursor: string | null) =>
  ask('GET', 'users/me/balance/entries', { query: { cursor, limit: 10 } })
export const redeemCode = (code: string) => ask('POST', 'users/me/balance/redeem', { body: { code } })
