import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai/core/error'
import { AppError, causesOf } from '../errors.ts'
import { codeOfStatus, type Fault, ProviderFailure, timeoutFault } from './fault.ts'
import { judged } from './judge.ts'
import { retryAfterOf } from './provider-fetch.ts'

/** The fault behind what the SDK, `fetch` or a body's reader threw. */
export function faultOfThrown(error: unknown): Fault {
  if (error instanceof ProviderFailure) return error.fault
  if (error instanceof APIConnectionTimeoutError) return timeoutFault('no answer in time')
  if (error instanceof APIError && typeof error.status === 'number') {
    const retryAfterSeconds = error.headers ? retryAfterOf(error.headers) : undefined
    return judged({
      code: codeOfStatus(error.status),
      status: error.status,
      reason: error.status < 400 ? 'a redirect: the base URL should be where it leads to' : 'refused',
      excerpt: messageOf(error.error),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
  }
  const code = codeIn(error)
  return {
    code: 'provider_unavailable',
    status: null,
    reason:
      code === null && !(error instanceof APIConnectionError)
        ? 'an answer that cannot be read'
        : `the connection failed (${code ?? 'no code'})`,
    excerpt: '',
  }
}

/** `providerFetch` puts the beginning of the provider's answer here. */
function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : ''
}

/** `ECONNREFUSED` and its like. The texts beside them may hold the URL, and so whatever is in it. */
function codeIn(error: unknown): string | null {
  for (const current of causesOf(error)) {
    const { code } = current as { code?: unknown }
    if (typeof code === 'string' && /^\w{1,60}$/.test(code)) return code
  }
  return null
}

const messages: Record<Fault['code'], string> = {
  provider_unavailable: 'The model is unavailable',
  provider_rejected: 'The model refused the request',
  provider_timeout: 'The model took too long to answer',
  rate_limited: 'The model has too many requests',
}

/**
 * What the person hears. Nothing of the provider's own words is in it, not even as the cause. `reason` is there where it
 * is his question that was refused.
 */
export function appErrorOf(fault: Fault): AppError {
  const { code, retryAfterSeconds } = fault
  const blames = blamesOf(fault)
  return new AppError(code, blames === 'content' ? contentMessage : messages[code], {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(blames === null ? {} : { extra: { reason: blames } }),
  })
}

const contentMessage = 'The model refused the request for its content'

function blamesOf({ code, status, blames }: Fault): NonNullable<Fault['blames']> | null {
  if (code !== 'provider_rejected') return null
  if (blames !== undefined) return blames
  return status !== null && [400, 413, 415, 422].includes(status) ? 'question' : null
}
