import type { AppError, ErrorCode } from '../errors.ts'
import { judged } from './judge.ts'

/** What a provider did wrong or refused. `excerpt` is its own text, not redacted yet: for the log only. */
export interface Fault {
  code: Extract<ErrorCode, 'provider_unavailable' | 'provider_rejected' | 'provider_timeout' | 'rate_limited'>
  status: number | null
  /** Our own words, without anything of the provider's. */
  reason: string
  excerpt: string
  retryAfterSeconds?: number
  /** Of a refusal, where the status does not tell: what was asked, as it was put or for what it is about. */
  blames?: 'question' | 'content'
}

/** Carries a fault to where it is logged and told. */
export class ProviderFailure extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.reason)
    this.fault = fault
  }
}

/** No answer has begun: another model may be asked. `told` is for the person, and holds nothing of the provider's. */
export class BeginFailure extends Error {
  readonly told: AppError
  readonly fault: Fault

  constructor(told: AppError, fault: Fault) {
    super(fault.reason)
    this.told = told
    this.fault = fault
  }
}

/** The provider kept us waiting for longer than the settings allow. */
export function timeoutFault(reason: string): Fault {
  return { code: 'provider_timeout', status: null, reason, excerpt: '' }
}

/** The provider's answer is not what was asked for. */
export function unreadable(reason: string): ProviderFailure {
  return new ProviderFailure({ code: 'provider_unavailable', status: null, reason, excerpt: '' })
}

/** What an HTTP status of a provider means for the person who asked. */
export function codeOfStatus(status: number): Fault['code'] {
  if (status === 429) return 'rate_limited'
  if (status === 408 || status === 504) return 'provider_timeout'
  if (status >= 500 || status === 409 || status === 425) return 'provider_unavailable'
  return 'provider_rejected'
}

/** The fault that an error object inside a 200 answer describes: `{ message, type, code, … }` or a text. */
export function faultOfErrorObject(error: unknown): Fault {
  const { code, type, status } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown
    type?: unknown
    status?: unknown
  }
  const known = [code, status].map(Number).find((number) => number >= 400 && number < 600)
  const limited = [code, type].some((word) => typeof word === 'string' && /rate.?limit/i.test(word))
  return judged({
    code: limited ? 'rate_limited' : known === undefined ? 'provider_unavailable' : codeOfStatus(known),
    status: known ?? null,
    reason: 'an error inside the answer',
    excerpt: (typeof error === 'string' ? error : JSON.stringify(error)).slice(0, 400),
  })
}
