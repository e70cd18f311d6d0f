import type { Config } from '../config.ts'

type Handle = (request: Request) => unknown

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE'
/** Those of OpenAI's clients among them, which say of what make they are. */
const requestHeaders = [
  'Authorization, Content-Type, Last-Event-ID, X-Api-Key, X-Request-Id',
  'Idempotency-Key, OpenAI-Beta, OpenAI-Organization, OpenAI-Project',
  'X-Stainless-Arch, X-Stainless-Custom-Poll-Interval, X-Stainless-Helper-Method, X-Stainless-Lang, X-Stainless-OS',
  'X-Stainless-Package-Version, X-Stainless-Poll-Helper, X-Stainless-Retry-Count, X-Stainless-Runtime',
  'X-Stainless-Runtime-Version, X-Stainless-Timeout',
].join(', ')
const responseHeaders = [
  'Content-Disposition, RateLimit, RateLimit-Policy, Retry-After, X-CloudChat-Overhead-Us, X-Request-Id',
  'X-Should-Retry, X-Total-Conversations, X-Total-Messages',
].join(', ')
const preflightSeconds = 7200

/**
 * Lets the pages of `corsOrigins` call us with their visitors' cookies, and no others. Given to `.wrap()`, as `edge`
 * is: errors, unknown paths and streams need the headers too.
 */
export function cors({ corsOrigins }: Pick<Config, 'corsOrigins'>) {
  const allowed = new Set(corsOrigins.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))
  return (handle: Handle): Handle => {
    if (allowed.size === 0) return handle
    return async (request) => {
      const origin = request.headers.get('origin')
      const isAllowed = origin !== null && allowed.has(origin)
      const response = isAllowed && isPreflight(request) ? preflightResponse() : await handle(request)
      // A WebSocket by now.
      if (!(response instanceof Response)) return response
      response.headers.append('vary', 'Origin')
      if (isAllowed) {
        response.headers.set('access-control-allow-origin', origin)
        response.headers.set('access-control-allow-credentials', 'true')
        response.headers.set('access-control-expose-headers', responseHeaders)
      }
      return response
    }
  }
}

function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('access-control-request-method')
}

function preflightResponse(): Response {
  const headers = {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': requestHeaders,
    'access-control-max-age': String(preflightSeconds),
  }
  return new Response(null, { status: 204, headers })
}
