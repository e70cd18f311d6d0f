import { describeError } from '../lib/describe-error.ts'

/** What the last in a chain of causes says: it knows best. One line, no secret. */
export function innermostReason(error: unknown): string {
  let reason = describeError(error)
  while (reason.cause !== undefined) reason = reason.cause
  const { code = '', message } = reason
  // The system's codes (ECONNREFUSED, 28P01) help; our own say it once more.
  return /^[A-Z0-9_]+$/.test(code) && !message.includes(code) ? `${code}: ${message}` : message
}
