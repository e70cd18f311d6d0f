import { STATUS_CODES } from 'node:http'
import { Elysia } from 'elysia'
import type { AppError, ErrorCode } from '../errors.ts'
import { describeError } from '../lib/describe-error.ts'
import type { Log } from '../lib/log.ts'
import { pathOf } from './path-of.ts'
import { requestIdOf } from './request-id.ts'
import { toAppError } from './to-app-error.ts'

/** `problem`: RFC 9457. `flat`: `{"error": text}`. `ok-flat`: `{"ok": false, "error": text}`. */
export type ErrorShape = 'problem' | 'flat' | 'ok-flat'

export interface ProblemOptions {
  shapeOf: (pathname: string) => ErrorShape
  log: Log
}

const statuses: Record<ErrorCode, number> = {
  invalid_request: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  token_expired: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  email_taken: 409,
  phone_taken: 409,
  username_taken: 409,
  turn_running: 409,
  idempotency_key_reused: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  too_many_turns: 429,
  too_many_readers: 429,
  quota_exceeded: 429,
  provider_unavailable: 502,
  provider_rejected: 502,
  provider_timeout: 504,
  turn_too_long: 504,
  shutting_down: 503,
  dependency_down: 503,
  interrupted: 503,
  internal: 500,
}

/** What is away now is usually back soon. An error may know better. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = { dependency_down: 5, shutting_down: 5 }

/** Turns whatever a route throws into a response. Registered first: hooks reach only what comes after them. */
export function problem(options: ProblemOptions) {
  return new Elysia({ name: 'problem' }).onError({ as: 'global' }, ({ error, request }) =>
    problemResponse(error, request, options),
  )
}

/** The same for what is thrown outside a route. */
export function problemResponse(
  thrown: unknown,
  request: Request,
  { shapeOf, log }: ProblemOptions,
): Response {
  const error = toAppError(thrown)
  const status = statuses[error.code]
  if (status >= 500) logCause(error, thrown, request, log)
  const shape = shapeOf(pathOf(request))
  const headers = new Headers({
    'content-type': shape === 'problem' ? 'application/problem+json' : 'application/json',
  })
  const retryAfter = error.retryAfterSeconds ?? retryAfterSeconds[error.code]
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter))
  return new Response(bodyOf(error, shape, request), { status, headers })
}

function bodyOf(error: AppError, shape: ErrorShape, request: Request): string {
  if (shape !== 'problem') return JSON.stringify(flatBody(error, shape))
  return JSON.stringify(problemOf(error, requestIdOf(request)))
}

/** An error as RFC 9457 writes it; also the data of the event `error` in a stream. */
export function problemOf(error: AppError, requestId?: string) {
  const status = statuses[error.code]
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    errors: error.faults,
    ...error.extra,
  }
}

/** The live front end knows these texts; a body that is too large is refused there before any path is looked at. */
function flatBody(error: AppError, shape: 'flat' | 'ok-flat') {
  if (error.code === 'payload_too_large') return { error: 'Request body is too large' }
  const text = error.code === 'dependency_down' ? 'Service unavailable' : error.message
  return shape === 'ok-flat' ? { ok: false, error: text } : { error: text }
}

/** Once, here, and nowhere else on the way up. Refusals by clients' own fault are in the access log already. */
function logCause(error: AppError, thrown: unknown, request: Request, log: Log): void {
  const record = {
    request_id: requestIdOf(request),
    method: request.method,
    path: pathOf(request).slice(0, 256),
    code: error.code,
    error: describeError(error.cause ?? thrown),
  }
  if (request.signal.aborted) log.debug(record, 'the client left')
  else if (error.code === 'internal') log.error(record, 'request failed')
  else log.warn(record, 'request failed')
}
