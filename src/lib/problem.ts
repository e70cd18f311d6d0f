import { STATUS_CODES } from 'node:http'
import type { AppError, ErrorCode } from '../errors.ts'

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

export function statusOf(error: AppError): number {
  return statuses[error.code]
}

export function statusOfCode(code: ErrorCode): number {
  return statuses[code]
}

/** An error as RFC 9457 writes it: the body of a refusal, and the data of the event `error` in a stream. */
export function problemOf(error: AppError, requestId?: string) {
  const status = statusOf(error)
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
