const ids = new WeakMap<Request, string>()

/** What a proxy or a client may call its request: long enough for any tracing system, harmless in a log line. */
const sane = /^[A-Za-z0-9._-]{1,64}$/

/** The name of this request in logs and error bodies: `X-Request-Id` when it is sane, else a new UUIDv7. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request)
  if (known !== undefined) return known
  const given = request.headers.get('x-request-id')
  const id = given !== null && sane.test(given) ? given : Bun.randomUUIDv7()
  ids.set(request, id)
  return id
}
