import type { Config } from '../config.ts'

type Handle = (request: Request) => unknown

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const requestHeaders = 'Authorization, Content-Type, Last-Event-ID, X-Request-Id'
const responseHeaders =
  'Content-Disposition, Retry-After, X-Request-Id, X-Total-Conversations, X-Total-Messages'
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
