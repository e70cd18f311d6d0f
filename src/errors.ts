/** The words for what can go wrong. HTTP statuses are given to them in `http/problem.ts` only. */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'token_expired'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'email_taken'
  | 'phone_taken'
  | 'username_taken'
  | 'turn_running'
  | 'idempotency_key_reused'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'too_many_turns'
  | 'too_many_readers'
  | 'quota_exceeded'
  | 'provider_unavailable'
  | 'provider_rejected'
  | 'provider_timeout'
  | 'turn_too_long'
  | 'shutting_down'
  | 'dependency_down'
  | 'interrupted'
  | 'internal'

/** One fault in a request: where it is (`password`, `messages/0/content`) and what was expected. Never the value. */
export interface FieldFault {
  path: string
  message: string
}

export interface AppErrorDetails {
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number
  /** Sent as `errors`. */
  faults?: FieldFault[]
  /** Sent beside the others, for a client to go on with (`turn_id` of what is running already). */
  extra?: Record<string, string | number>
  /** For the log; never sent. */
  cause?: unknown
}

/** What domain code throws. `message` is shown to people: it must hold no secret and no internals. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly retryAfterSeconds: number | undefined
  readonly faults: FieldFault[] | undefined
  readonly extra: Record<string, string | number> | undefined

  constructor(code: ErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.retryAfterSeconds = details.retryAfterSeconds
    this.faults = details.faults
    this.extra = details.extra
  }
}

/** The AppError in a chain of causes (drizzle and others wrap what a driver threw), or null. */
export function findAppError(error: unknown): AppError | null {
  for (const current of causesOf(error)) {
    if (current instanceof AppError) return current
  }
  return null
}

/** An error, then its cause, then the cause of that … Eight at most: a chain may be a circle. */
export function* causesOf(error: unknown): Generator<Error> {
  let current = error
  for (let depth = 0; current instanceof Error && depth < 8; depth++) {
    yield current
    current = current.cause
  }
}
