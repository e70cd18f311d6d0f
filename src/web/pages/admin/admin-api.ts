import type { healthView, infoView, readinessView } from '../../../modules/status/schema.ts'
import { Refusal } from '../../api.ts'
import { type AnswerOf, ask, type BodyOf } from '../../ask.ts'
import { browser } from '../../browser.ts'

export type NewPerson = BodyOf<'POST', 'admin/users'>
export type PersonQuota = AnswerOf<'GET', 'admin/users/:id/quota'>
export type ModelChanges = BodyOf<'PUT', 'admin/models/:id'>
export type NewModel = BodyOf<'POST', 'admin/models'>
export type Provider = AnswerOf<'GET', 'admin/providers'>['items'][number]
export type KeyCheck = AnswerOf<'POST', 'admin/provider-keys/:id/test'>
export type SiteSettings = AnswerOf<'GET', 'admin/settings'>
export type Overview = AnswerOf<'GET', 'admin/overview'>

export const createPerson = (body: NewPerson) => ask('POST', 'admin/users', { body })
export const updatePerson = (id: string, body: BodyOf<'PUT', 'admin/users/:id'>) =>
  ask('PUT', 'admin/users/:id', { params: { id }, body })
export const banPerson = (id: string, reason: string) =>
  ask('PUT', 'admin/users/:id/ban', { params: { id }, body: { reason: reason === '' ? null : reason } })
export const unbanPerson = (id: string) => ask('DELETE', 'admin/users/:id/ban', { params: { id } })
export const deletePerson = (id: string) => ask('DELETE', 'admin/users/:id', { params: { id } })
export const endSessionsOf = (id: string) => ask('DELETE', 'admin/users/:id/sessions', { params: { id } })
export const sendResetMail = (id: string) => ask('POST', 'admin/users/:id/reset-mail', { params: { id } })

export const fetchQuotaOf = (id: string) => ask('GET', 'admin/users/:id/quota', { params: { id } })
export const setQuotaOf = (id: string, body: BodyOf<'PUT', 'admin/users/:id/quota'>) =>
  ask('PUT', 'admin/users/:id/quota', { params: { id }, body })
export const resetQuotaOf = (id: string) => ask('DELETE', 'admin/users/:id/quota', { params: { id } })
export const fetchBalanceOf = (id: string) => ask('GET', 'admin/users/:id/balance', { params: { id } })
export const fetchEntriesOf = (id: string, cursor: string | null) =>
  ask('GET', 'admin/users/:id/balance/entries', { params: { id }, query: { cursor, limit: 10 } })
export const changeBalanceOf = (id: string, body: BodyOf<'POST', 'admin/users/:id/balance'>) =>
  ask('POST', 'admin/users/:id/balance', { params: { id }, body })

export const createPlan = (body: BodyOf<'POST', 'admin/plans'>) => ask('POST', 'admin/plans', { body })
export const updatePlan = (name: string, body: BodyOf<'PUT', 'admin/plans/:name'>) =>
  ask('PUT', 'admin/plans/:name', { params: { name }, body })
export const deletePlan = (name: string) => ask('DELETE', 'admin/plans/:name', { params: { name } })

export const createModel = (body: NewModel) => ask('POST', 'admin/models', { body })
export const updateModel = (id: string, body: ModelChanges) =>
  ask('PUT', 'admin/models/:id', { params: { id }, body })
export const deleteModel = (id: string) => ask('DELETE', 'admin/models/:id', { params: { id } })

export const fetchProviders = async () => (await ask('GET', 'admin/providers')).items
export const createKey = (body: BodyOf<'POST', 'admin/provider-keys'>) =>
  ask('POST', 'admin/provider-keys', { body })
export const updateKey = (id: string, body: BodyOf<'PUT', 'admin/provider-keys/:id'>) =>
  ask('PUT', 'admin/provider-keys/:id', { params: { id }, body })
export const deleteKey = (id: string) => ask('DELETE', 'admin/provider-keys/:id', { params: { id } })
export const testKey = (id: string) => ask('POST', 'admin/provider-keys/:id/test', { params: { id } })

export const createInvite = (body: BodyOf<'POST', 'admin/invites'>) => ask('POST', 'admin/invites', { body })
export const deleteInvite = (id: string) => ask('DELETE', 'admin/invites/:id', { params: { id } })

export const createCodes = (body: BodyOf<'POST', 'admin/top-up-codes'>) =>
  ask('POST', 'admin/top-up-codes', { body })
export const deleteCode = (id: string) => ask('DELETE', 'admin/top-up-codes/:id', { params: { id } })

export const fetchSettings = () => ask('GET', 'admin/settings')
export const updateSettings = (body: BodyOf<'PUT', 'admin/settings'>) =>
  ask('PUT', 'admin/settings', { body })

export const fetchOverview = () => ask('GET', 'admin/overview')

export type Health = typeof healthView.static
export type Readiness = typeof readinessView.static
export type Info = typeof infoView.static

/** How the service is. It answers in the same words when it is not well. */
export async function fetchState(): Promise<{ health: Health; readiness: Readiness; info: Info }> {
  const [health, readiness, info] = await Promise.all([
    read<Health>('health'),
    read<Readiness>('readyz'),
    read<Info>('info'),
  ])
  return { health, readiness, info }
}

async function read<View>(path: string): Promise<View> {
  const response = await browser.fetch(path, {}).catch(() => null)
  if (response === null) throw new Refusal('offline')
  if (!response.headers.get('content-type')?.includes('json') || ![200, 503].includes(response.status)) {
    throw new Refusal('failed', response.status)
  }
  return response.json()
}
