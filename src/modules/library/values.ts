/** What other people's JSON holds under a name, where it is what it should be; null otherwise. */

export function recordOf(value: unknown): Record<string, unknown> | null {
  return isRecord(value) ? value : null
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** A text that is not too long to be the name of something. */
export function nameOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 200 ? cleanText(value) : null
}

/** That the database keeps as it is. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x7fffffff
    ? value
    : null
}

/** Seconds since 1970, or a text of ISO 8601. A moment that is still to come is now. */
export function momentOf(value: unknown, now: Date): Date | null {
  const ms =
    typeof value === 'number'
      ? value * 1000
      : typeof value === 'string' && isoForm.test(value)
        ? Date.parse(value)
        : Number.NaN
  return ms > 0 ? new Date(Math.min(Math.round(ms), now.getTime())) : null
}

const isoForm = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/

/** Without what the database refuses or would store as something else. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

const maxTitleChars = 200

/** One line, not too long. null: nothing is left. */
export function titleOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const line = value
    .toWellFormed()
    .slice(0, 4000)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
  return [...line].slice(0, maxTitleChars).join('').trim() || null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
