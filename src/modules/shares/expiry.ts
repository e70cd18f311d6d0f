import { checkFuture, toMoment } from '../auth/future-moment.ts'
import { invalidField } from '../auth/invalid-field.ts'

const maxDays = 3650
const tooFar = `A share may last ${maxDays} days at most; null: for ever`

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
    const moment = new Date(now.getTime() + expiresInSeconds * 1000)
    return checkFuture(moment, now, { path: 'expires_in_seconds', maxDays, tooFar })
  }
  if (typeof expiresAt === 'string') {
    return checkFuture(toMoment(expiresAt, 'expires_at'), now, { path: 'expires_at', maxDays, tooFar })
  }
  return expiresAt === null || expiresInSeconds === null ? null : undefined
}
