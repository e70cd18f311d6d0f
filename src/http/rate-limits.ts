import type { Standing } from '../lib/limits.ts'

/** Whose limit it is (`account`, `key`, `address`), and how it stands. */
export interface LimitState extends Standing {
  name: string
}

const noted = new WeakMap<Request, LimitState[]>()

/** To be told with the answer to this request, whatever it will be. */
export function noteLimits(request: Request, states: LimitState[]): void {
  if (states.length > 0) noted.set(request, states)
}

/** The same for one more limit. */
export function noteLimit(request: Request, state: LimitState): void {
  noteLimits(request, [...(noted.get(request) ?? []), state])
}

/** As draft-ietf-httpapi-ratelimit-headers has them. */
export function setLimitHeaders(request: Request, headers: Headers): void {
  const states = noted.get(request)
  if (states === undefined) return
  const policy = states.map(({ name, count, windowSeconds }) => `"${name}";q=${count};w=${windowSeconds}`)
  const state = states.map(({ name, left, resetSeconds }) => `"${name}";r=${left};t=${resetSeconds}`)
  headers.set('ratelimit-policy', policy.join(', '))
  headers.set('ratelimit', state.join(', '))
}
