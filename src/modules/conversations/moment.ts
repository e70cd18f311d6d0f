import { invalidField } from '../auth/invalid-field.ts'

/** A moment as cursors hold it, to the microsecond, and one that the database reads too: there is no 31st of February. */
export function isMoment(text: unknown): text is string {
  if (typeof text !== 'string' || !/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/.test(text)) return false
  const toMilliseconds = text.slice(0, -3)
  const moment = new Date(`${toMilliseconds}Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === `${toMilliseconds}Z`
}

/** What a client means by a moment, or by a day: its beginning, in UTC. Throws `invalid_request`. */
export function readMoment(field: string, text: string): Date {
  const isWritten = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/i.test(text)
  const moment = new Date(text)
  if (isWritten && !Number.isNaN(moment.getTime())) return moment
  throw invalidField(field, 'Expected a moment like 2026-01-31T12:00:00Z, or a day')
}
