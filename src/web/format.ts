import { locale } from './language.ts'

export function formatNumber(value: number): string {
  return value.toLocaleString(locale.value)
}

/** `1.2`, `0.35`: as many digits as tell something. */
export function formatSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return seconds.toLocaleString(locale.value, { maximumFractionDigits: seconds < 10 ? 2 : 0 })
}

export function formatMoment(moment: string): string {
  return new Date(moment).toLocaleString(locale.value, { dateStyle: 'medium', timeStyle: 'short' })
}

export function formatDay(moment: string): string {
  return new Date(moment).toLocaleDateString(locale.value, { dateStyle: 'long' })
}

/** Small sums with all their digits: an answer may cost a thousandth of a cent. */
export function formatMoney(value: number, currency: string): string {
  return value.toLocaleString(locale.value, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 0,
    maximumFractionDigits: 6,
  })
}

/** `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return (bytes / 1000 ** step).toLocaleString(locale.value, {
    style: 'unit',
    unit: steps[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  })
}

export function formatShare(share: number): string {
  return share.toLocaleString(locale.value, { style: 'percent', maximumFractionDigits: 0 })
}

/** `+12%`, `−3%`. */
export function formatChange(share: number): string {
  return share.toLocaleString(locale.value, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  })
}

/** To the cent; what is less than one whole with all its digits. */
export function formatSum(value: number, currency: string): string {
  if (Math.abs(value) < 1) return formatMoney(value, currency)
  return value.toLocaleString(locale.value, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
}

/** Of millionths of the currency, as the service counts it. */
export function formatMicros(micros: number, currency: string): string {
  return formatSum(micros / 1_000_000, currency)
}

/** `21 Nov`, of a day like `2026-11-21`. */
export function formatShortDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(locale.value, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
}
