import { invalidField } from '../auth/invalid-field.ts'

const maxDays = 3650
const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

/** The moment or the seconds from now on, not both. null: never; absent: nothing is said about it. */
export interface ExpiryWish {
  expiresAt?: string | null
  expiresInSeconds?: number | null
}

/** undefined: nothing is said about it. Throws `invalid_request` for a moment that is none, past, or too far away. */
export function toExpiry({ expiresAt, expiresInSeconds }: ExpiryWish, now: Date): Date | null | undefined {
  if (typeof expiresAt === 'string' && typeof expiresInSeconds === 'number') {
    throw invalidField('expires_at', 'Either expires_at or expires_in_seconds')
  }
  if (typeof expiresInSeconds === 'number') {
    return checked(new Date(now.getTime() + expiresInSeconds * 1000), now, 'expires_in_seconds')
  }
  if (typeof expiresAt === 'string') {
    const moment = new Date(form.test(expiresAt) ? expiresAt : Number.NaN)
    return checked(moment, now, 'expires_at')
  }
  return expiresAt === null || expiresInSeconds === null ? null : undefined
}

function checked(moment: Date, now: Date, path: string): Date {
  if (Number.isNaN(moment.getTime())) throw invalidField(path, 'Expected a moment like 2030-01-31T12:00:00Z')
  if (moment <= now) throw invalidField(path, 'This moment is over')
  if (moment.getTime() - now.getTime() > maxDays * 24 * 3600 * 1000) {
    throw invalidField(path, `A share may last ${maxDays} days at most; null: for ever`)
  }
  return moment
}
