import { invalidField } from './invalid-field.ts'

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

/** The moment of a text in a request's field. Throws `invalid_request` for one that is none. */
export function toMoment(text: string, path: string): Date {
  const moment = new Date(form.test(text) ? text : Number.NaN)
  if (Number.isNaN(moment.getTime())) throw invalidField(path, 'Expected a moment like 2030-01-31T12:00:00Z')
  return moment
}

/** Throws `invalid_request` for a moment that is over, or further away than so many days. `tooFar`: what is said then. */
export function checkFuture(
  moment: Date,
  now: Date,
  { path, maxDays, tooFar }: { path: string; maxDays: number; tooFar: string },
): Date {
  if (moment <= now) throw invalidField(path, 'This moment is over')
  if (moment.getTime() - now.getTime() > maxDays * 24 * 3600 * 1000) throw invalidField(path, tooFar)
  return moment
}
