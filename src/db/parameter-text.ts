import { formatArray } from './array-text.ts'

/** PostgreSQL's text form of a parameter, whatever its type is there. */
export function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return formatArray(value) as string
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
