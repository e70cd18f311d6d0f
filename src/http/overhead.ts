const waits = new WeakMap<Request, number>()

/**
 * So long this request has waited for others: whoever asks, a provider. From the first call on (0: not yet) its answer,
 * whatever it will be, says how long the rest has taken.
 */
export function noteWait(request: Request, ms: number): void {
  waits.set(request, (waits.get(request) ?? 0) + ms)
}

/** What this service has added. `startedAt`: when the request was taken, by `performance.now()`. */
export function setOverheadHeader(request: Request, headers: Headers, startedAt: number): void {
  const waitedMs = waits.get(request)
  if (waitedMs === undefined) return
  const overheadMs = Math.max(performance.now() - startedAt - waitedMs, 0)
  headers.set('x-cloudchat-overhead-us', String(Math.round(overheadMs * 1000)))
}
