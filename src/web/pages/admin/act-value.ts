import type { ActField } from '../../../modules/admin/act-fields.ts'
import { formatMicros, formatMoment, formatNumber } from '../../format.ts'
import { actFieldNames, actValueTexts } from '../../texts/act-fields.ts'
import { adminTexts } from '../../texts/admin.ts'

/** The name of a field that the audit log tells of; one that is not known here, of another version, is its own. */
export function nameOfField(field: string): string {
  return isKnown(field) ? actFieldNames.value[field] : field
}

/** What stood in it, in words. `currency`: what sums are counted in. */
export function valueOfField(field: string, value: unknown, currency: string): string {
  const t = actValueTexts.value
  if (value === null || value === undefined) return '–'
  if (value === '[hidden]') return t.hidden
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (typeof value === 'number') {
    return isKnown(field) && sums.has(field) ? formatMicros(value, currency) : formatNumber(value)
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? '–' : value.map((one) => valueOfField(field, one, currency)).join(', ')
  }
  return typeof value === 'string' ? wordOf(field, value) : JSON.stringify(value)
}

function isKnown(field: string): field is ActField {
  return Object.hasOwn(actFieldNames.value, field)
}

/** In millionths of the currency. */
const sums: ReadonlySet<ActField> = new Set([
  'added',
  'balance',
  'micros',
  'cost_day',
  'cost_month',
  'inputMicros',
  'cachedInputMicros',
  'outputMicros',
  'reasoningMicros',
  'pictureMicros',
] as const)

function wordOf(field: string, value: string): string {
  if (field === 'expiresAt') return Number.isNaN(Date.parse(value)) ? value : formatMoment(value)
  const words = wordsOf(field)
  return words !== null && Object.hasOwn(words, value) ? (words[value] ?? value) : value
}

function wordsOf(field: string): Record<string, string> | null {
  const t = adminTexts.value
  if (field === 'role') return t.roles
  if (field === 'registration') return t.registrations
  return field === 'delivery' ? actValueTexts.value.deliveries : null
}
