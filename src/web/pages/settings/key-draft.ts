import { isLimit, type LimitName, limitOfText, ofEachLimit, textOfLimit } from '../../limits.ts'
import { keyTexts } from '../../texts/keys.ts'
import type { Key, KeyWish } from './keys-api.ts'

export const scopes = ['chat', 'images', 'files', 'usage'] as const
type Scope = (typeof scopes)[number]

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
    limits: ofEachLimit((name) => textOfLimit(name, key?.quota[name])),
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
  return {
    scopes: draft.scopes.length === 0 ? t.noScope : null,
    models: draft.hasModels && draft.models.length === 0 ? t.noModel : null,
    rate: isHalf ? t.rateHalf : isRate ? null : t.numberUnfit,
    limits: areLimits(draft.limits) ? null : t.numberUnfit,
  }
}

export function isFaulty(draft: KeyDraft): boolean {
  const { scopes, models, rate, limits } = faultsOf(draft)
  const found = [scopes, models, rate, limits]
  return draft.name.trim() === '' || found.some((fault) => fault !== null)
}

/** What to ask the service for. `key`: as it was. */
export function wishOf(draft: KeyDraft, key: Key | null): KeyWish {
  const { lastDay, rateCount, rateSeconds } = draft
  const addresses = draft.addresses.split(/[\s,]+/).filter((address) => address !== '')
  const limits = Object.entries(ofEachLimit((name) => limitOfText(name, draft.limits[name])))
  const quota = limits.filter(([, limit]) => limit !== null)
  return {
    name: draft.name.trim(),
    scopes: draft.scopes,
    models: draft.hasModels ? draft.models : null,
    // A moment that is only shown as a day stays what it was.
    ...(lastDay === dayOf(key?.expires_at ?? null) ? {} : { expires_at: endOf(lastDay) }),
    quota: quota.length === 0 ? null : Object.fromEntries(quota),
    rate: rateCount === '' ? null : { requests: Number(rateCount), seconds: Number(rateSeconds) },
    allowed_addresses: addresses.length === 0 ? null : addresses,
  }
}

function areLimits(limits: Record<LimitName, string>): boolean {
  return Object.values(ofEachLimit((name) => isLimit(name, limits[name]))).every(Boolean)
}

function isCount(text: string): boolean {
  return Number.isInteger(Number(text)) && Number(text) >= 1
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
