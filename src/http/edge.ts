import type { Config } from '../config.ts'
import type { Lifecycle } from '../lib/lifecycle.ts'
import { accessLog } from './access-log.ts'
import { type ProblemOptions, problemResponse } from './problem.ts'
import { requestIdOf } from './request-id.ts'
import { securityHeaders } from './security-headers.ts'
import { streamEndOf } from './stream-end.ts'

interface EdgeOptions extends ProblemOptions {
  config: Config
  lifecycle: Lifecycle
  ipOf: (request: Request) => string
}

type Handle = (request: Request) => unknown

/**
 * What surrounds every request, whether a route answers it, refuses it or breaks: request id, headers, access log.
 * A function around the router and not a set of hooks: those miss requests that match no route, and headers that
 * they set make the framework wrap every streaming body once more.
 */
export function edge(options: EdgeOptions) {
  const setHeaders = securityHeaders(options.config)
  const logAccess = accessLog(options.log, options.ipOf)
  return (handle: Handle) => async (request: Request) => {
    const startedAt = performance.now()
    options.lifecycle.unfinished++
    try {
      return await respond(handle, request, startedAt)
    } finally {
      countFinished(request, options.lifecycle)
    }
  }

  async function respond(handle: Handle, request: Request, startedAt: number) {
    const response = await answer(handle, request, options)
    // A WebSocket by now.
    if (!(response instanceof Response)) return response
    response.headers.set('x-request-id', requestIdOf(request))
    setHeaders(response, request)
    // Moves clients that keep connections open over to our successor.
    if (options.lifecycle.isDraining) response.headers.set('connection', 'close')
    logAccess(request, response, startedAt)
    return response
  }
}

/** A stream is finished when its source is. */
function countFinished(request: Request, lifecycle: Lifecycle): void {
  const count = () => {
    lifecycle.unfinished--
  }
  const end = streamEndOf(request)
  if (end === null) count()
  else end.then(count, count)
}

async function answer(handle: Handle, request: Request, options: ProblemOptions) {
  try {
    return await handle(request)
  } catch (thrown) {
    return problemResponse(thrown, request, options)
  }
}
