import { type AnswerOf, ask } from './ask.ts'

export type Quota = AnswerOf<'GET', 'users/me/quota'>
export type QuotaWindow = Quota['windows'][number]

export const fetchQuota = () => ask('GET', 'users/me/quota')
