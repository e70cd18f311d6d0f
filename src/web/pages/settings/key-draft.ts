import { keyTexts } from '../../texts/keys.ts'
import type { Key, KeyWish } from './keys-api.ts'

export const scopes = ['chat', 'images', 'files', 'usage'] as const
type Scope = (typeof scopes)[number]

export const limitNames = [
  ['requests', 'day'],
  ['requests', 'month'],
  ['tokens', 'day'],
  ['tokens', 'month'],
  ['cost', 'day'],
  ['cost', 'month'],
] as const
type LimitName = keyof Key['quota']

/** A key as it stands in a form: numbers as they were typed, empty where there is none. */
export interface KeyDraft {
  name: string
  scopes: Scope[]
  hasModels: boolean
  models: string[]
  /** By this device's clock. */
  lastDay: string
  /** One a line. */
  addresses: string
  limits: Record<LimitName, string>
  rateCount: string
  rateSeconds: string
}

export function draftOf(key: Key | null): KeyDraft {
  return {
    name: key?.name ?? '',
    scopes: key?.scopes ?? [...scopes],
    hasModels: (key?.models ?? null) !== null,
    models: key?.models ?? [],
    lastDay: dayOf(key?.expires_at ?? null),
    addresses: (key?.allowed_addresses ?? []).join('\n'),
    limits: {
      requests_day: textOf(key, 'requests_day'),
      requests_month: textOf(key, 'requests_month'),
      tokens_day: textOf(key, 'tokens_day'),
      tokens_month: textOf(key, 'tokens_month'),
      cost_day: textOf(key, 'cost_day'),
      cost_month: textOf(key, 'cost_month'),
    },
    rateCount: String(key?.rate?.requests ?? ''),
    rateSeconds: String(key?.rate?.seconds ?? ''),
  }
}

/** null: nothing is wrong with it. */
export function faultsOf(draft: KeyDraft) {
  const t = keyTexts.value
  const { rateCount, rateSeconds } = draft
  const isHalf = (rateCount === '') !== (rateSeconds === '')
  const isRate = rateCount === '' || (isCount(rateCount) && isCount(rateSeconds) && Number(rateCount) > 0)
  const limits = Object.entries(draft.limits).map(([name, text]) => [
    name,
    isLimit(name, text) ? null : t.numberUnfit,
  ])
  return {
    scopes: draft.scopes.length === 0 ? t.noScope : null,
    models: draft.hasModels && draft.models.length === 0 ? t.noModel : null,
    rate: isHalf ? t.rateHalf : isRate ? null : t.numberUnfit,
    limits: Object.fromEntries(limits) as Partial<Record<LimitName, string | null>>,
  }
}

export function isFaulty(draft: KeyDraft): boolean {
  const { scopes, models, rate, limits } = faultsOf(draft)
  const found = [scopes, models, rate, ...Object.values(limits)]
  return draft.name.trim() === '' || found.some((fault) => fault !== null)
}

/** What to ask the service for. `key`: as it was. */
export function wishOf(draft: KeyDraft, key: Key | null): KeyWish {
  const { lastDay, rateCount, rateSeconds } = draft
  const addresses = draft.addresses.split(/[\s,]+/).filter((address) => address !== '')
  const limits = Object.entries(draft.limits).flatMap(([name, text]) =>
    text === '' ? [] : [[name, numberOf(name, text)]],
  )
  return {
    name: draft.name.trim(),
    scopes: draft.scopes,
    models: draft.hasModels ? draft.models : null,
    // A moment that is only shown as a day stays what it was.
    ...(lastDay === dayOf(key?.expires_at ?? null) ? {} : { expires_at: endOf(lastDay) }),
    quota: limits.length === 0 ? null : Object.fromEntries(limits),
    rate: rateCount === '' ? null : { requests: Number(rateCount), seconds: Number(rateSeconds) },
    allowed_addresses: addresses.length === 0 ? null : addresses,
  }
}

const micros = 1_000_000

function textOf(key: Key | null, name: LimitName): string {
  const limit = key?.quota[name] ?? null
  if (limit === null) return ''
  return String(isMoney(name) ? limit / micros : limit)
}

function numberOf(name: string, text: string): number {
  return isMoney(name) ? Math.round(Number(text) * micros) : Number(text)
}

function isLimit(name: string, text: string): boolean {
  if (text === '') return true
  const value = numberOf(name, text)
  return Number.isSafeInteger(value) && value >= 0
}

function isCount(text: string): boolean {
  return Number.isInteger(Number(text)) && Number(text) >= 1
}

function isMoney(name: string): boolean {
  return name.startsWith('cost')
}

function dayOf(moment: string | null): string {
  if (moment === null) return ''
  const date = new Date(moment)
  const part = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`
}

function endOf(day: string): string | null {
  return day === '' ? null : new Date(`${day}T23:59:59`).toISOString()
}
