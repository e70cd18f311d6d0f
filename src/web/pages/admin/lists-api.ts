import { type AnswerOf, ask, type QueryOf } from '../../ask.ts'
import type { Sort } from '../../ui/rows.tsx'

/** Lists that the server filters, sorts and pages. What is empty in a filter is everything. */

export type Person = AnswerOf<'GET', 'admin/users'>['items'][number]
export type StoredModel = AnswerOf<'GET', 'admin/models'>['items'][number]
export type Plan = AnswerOf<'GET', 'admin/plans'>['items'][number]
export type ProviderKey = AnswerOf<'GET', 'admin/provider-keys'>['items'][number]
export type Invite = AnswerOf<'GET', 'admin/invites'>['items'][number]
export type Code = AnswerOf<'GET', 'admin/top-up-codes'>['items'][number]
export type Act = AnswerOf<'GET', 'admin/audit-log'>['items'][number]

/** Which page is wanted, and in which order. */
export interface Place {
  cursor: string | null
  sort: Sort | null
}

export interface PeopleFilter {
  search: string
  role: '' | Person['role']
  status: '' | Person['status']
  plan: string
}

const peopleSorts = ['name', 'role', 'plan', 'status', 'sessions', 'last_seen', 'created'] as const

export function fetchPeople({ search, role, status, plan }: PeopleFilter, place: Place) {
  const query = { search, role: role || null, status: status || null, plan, ...placeOf(place, peopleSorts) }
  return ask('GET', 'admin/users', { query })
}

type ModelsQuery = QueryOf<'GET', 'admin/models'>
export interface ModelsFilter {
  search: string
  provider: string
  status: '' | NonNullable<ModelsQuery['status']>
}

const modelSorts = ['position', 'name', 'provider', 'context_window', 'price', 'status'] as const

export function fetchModels({ search, provider, status }: ModelsFilter, place: Place) {
  const query = { search, provider, status: status || null, ...placeOf(place, modelSorts) }
  return ask('GET', 'admin/models', { query })
}

export function fetchPlanPage(search: string, place: Place) {
  return ask('GET', 'admin/plans', { query: { search, ...placeOf(place, ['name', 'people']) } })
}

/** All of them. */
export const fetchPlans = async () => (await ask('GET', 'admin/plans')).items

type KeysQuery = QueryOf<'GET', 'admin/provider-keys'>
export interface KeysFilter {
  search: string
  provider: string
  status: '' | NonNullable<KeysQuery['status']>
}

const keySorts = ['name', 'provider', 'status', 'updated'] as const

export function fetchKeys({ search, provider, status }: KeysFilter, place: Place) {
  const query = { search, provider, status: status || null, ...placeOf(place, keySorts) }
  return ask('GET', 'admin/provider-keys', { query })
}

export type InviteState = NonNullable<QueryOf<'GET', 'admin/invites'>['state']>
/** Codes may be in any of them. */
export type HandedOutState = NonNullable<QueryOf<'GET', 'admin/top-up-codes'>['state']>

export interface HandedOutFilter<State extends HandedOutState> {
  search: string
  state: '' | State
}

export function fetchInvites({ search, state }: HandedOutFilter<InviteState>, place: Place) {
  const query = { search, state: state || null, ...placeOf(place, ['created', 'note', 'uses']) }
  return ask('GET', 'admin/invites', { query })
}

export function fetchCodes({ search, state }: HandedOutFilter<HandedOutState>, place: Place) {
  const query = { search, state: state || null, ...placeOf(place, ['created', 'note', 'uses', 'worth']) }
  return ask('GET', 'admin/top-up-codes', { query })
}

export interface ActsFilter {
  action: string
  actor: string
  target: string
}

export function fetchActs(filter: ActsFilter, { cursor, sort }: Place) {
  return ask('GET', 'admin/audit-log', { query: { ...filter, cursor, order: sort?.direction ?? null } })
}

const pageSize = 30

/** As the service takes it. */
export function placeOf<By extends string>({ cursor, sort }: Place, sorts: readonly By[]) {
  const by = sorts.find((name) => name === sort?.key) ?? null
  return { cursor, limit: pageSize, sort: by, order: by === null ? null : (sort?.direction ?? null) }
}
