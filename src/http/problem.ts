import { Elysia } from 'elysia'
import type { AppError, ErrorCode } from '../errors.ts'
import { describeError } from '../lib/describe-error.ts'
import type { Log } from '../lib/log.ts'
import { problemOf, statusOf } from '../lib/problem.ts'
import { openAiError } from './openai-error.ts'
import { loggedPath, pathOf } from './path-of.ts'
import { requestIdOf } from './request-id.ts'
import { toAppError } from './to-app-error.ts'

/** `problem`: RFC 9457. `flat`: `{"error": text}`. `ok-flat`: `{"ok": false, "error": text}`. `openai`: OpenAI's. */
export type ErrorShape = 'problem' | 'flat' | 'ok-flat' | 'openai'

export interface ProblemOptions {
  shapeOf: (pathname: string) => ErrorShape
  log: Log
}

/** What is away now is usually back soon. An error may know better. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = { dependency_down: 5, shutting_down: 5 }

/** Seconds that OpenAI's clients wait when they are told to. Room that is held by what is under way is free sooner. */
const longestRetryAfter = 60

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
  const error = toAppError(thrown, request)
  const status = statusOf(error)
  if (status >= 500) logCause(error, thrown, request, log)
  const shape = shapeOf(pathOf(request))
  const headers = new Headers({
    'content-type': shape === 'problem' ? 'application/problem+json' : 'application/json',
  })
  const retryAfter = error.retryAfterSeconds ?? retryAfterSeconds[error.code]
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter))
  // OpenAI's clients would try again at once where they are to wait for long.
  const isLong = retryAfter === undefined || retryAfter > longestRetryAfter
  if (shape === 'openai' && error.code === 'quota_exceeded' && isLong) headers.set('x-should-retry', 'false')
  return new Response(bodyOf(error, shape, request), { status, headers })
}

function bodyOf(error: AppError, shape: ErrorShape, request: Request): string {
  if (shape === 'openai') return JSON.stringify(openAiError(error))
  if (shape !== 'problem') return JSON.stringify(flatBody(error, shape))
  return JSON.stringify(problemOf(error, requestIdOf(request)))
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
    path: loggedPath(pathOf(request)),
    code: error.code,
    error: describeError(error.cause ?? thrown),
  }
  if (request.signal.aborted) log.debug(record, 'the client left')
  else if (error.code === 'internal') log.error(record, 'request failed')
  else log.warn(record, 'request failed')
}
