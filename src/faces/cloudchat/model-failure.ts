import { findAppError } from '../../errors.ts'
import { describeError } from '../../lib/describe-error.ts'
import type { Log } from '../../lib/log.ts'

/** A model that failed before its first word, as the visitor is told. What exactly went wrong is in the log. */
export function modelFailure(error: unknown, log: Log): Response {
  const known = findAppError(error)
  if (known === null) log.error({ error: describeError(error) }, 'the model failed in an unknown way')
  const isBusy = known?.code === 'rate_limited'
  const headers = new Headers()
  if (known?.retryAfterSeconds !== undefined) headers.set('retry-after', String(known.retryAfterSeconds))
  return Response.json(
    { error: isBusy ? 'Too many requests' : 'Model is unavailable' },
    { status: isBusy ? 429 : 503, headers },
  )
}
