import { addressOf } from './address-of.ts'
import { refusalOf } from './api.ts'
import { type AnswerOf, ask } from './ask.ts'
import { browser } from './browser.ts'

export type Quota = AnswerOf<'GET', 'users/me/quota'>
export type QuotaWindow = Quota['windows'][number]

export const fetchQuota = () => ask('GET', 'users/me/quota')

export type BalanceEntry = AnswerOf<'GET', 'users/me/balance/entries'>['items'][number]

export const fetchBalance = () => ask('GET', 'users/me/balance')
export const fetchBalanceEntries = (cursor: string | null) =>
  ask('GET', 'users/me/balance/entries', { query: { cursor, limit: 10 } })
export const redeemCode = (code: string) => ask('POST', 'users/me/balance/redeem', { body: { code } })

export type UsageSummary = AnswerOf<'GET', 'usage/summary'>
export type UsagePeriod = UsageSummary['today']
export type UsageDay = AnswerOf<'GET', 'usage/by-day'>['items'][number]
export type UsageHour = AnswerOf<'GET', 'usage/by-hour'>['items'][number]
export type UsageModel = AnswerOf<'GET', 'usage/by-model'>['items'][number]
export type UsageSums = Omit<UsageDay, 'day'>
export type UsageRecord = AnswerOf<'GET', 'usage/records'>['items'][number]

export const fetchUsageSummary = () => ask('GET', 'usage/summary')

/** `from`: a day; null: the thirty that end today. */
export async function fetchUsageParts(from: string | null) {
  const query = { from }
  const [days, hours, models] = await Promise.all([
    ask('GET', 'usage/by-day', { query }),
    ask('GET', 'usage/by-hour', { query }),
    ask('GET', 'usage/by-model', { query }),
  ])
  return { days: days.items, hours: hours.items, models: models.items }
}

export interface RecordFilter {
  kind: UsageRecord['kind'] | null
  model: string | null
}

export const fetchRecords = (filter: RecordFilter, cursor: string | null) =>
  ask('GET', 'usage/records', { query: { ...filter, cursor, limit: 20 } })

/** All of them, as CSV. */
export async function fetchRecordsFile(filter: RecordFilter): Promise<Blob> {
  const response = await browser.fetch(addressOf('usage/records.csv', {}, { ...filter }), {})
  if (!response.ok) throw refusalOf(response.status, await response.text())
  return response.blob()
}
