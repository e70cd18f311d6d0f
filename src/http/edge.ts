import type { Config } from '../config.ts'
import type { Lifecycle } from '../lib/lifecycle.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type Arrival, accessLog } from './access-log.ts'
import { noteWait, setOverheadHeader } from './overhead.ts'
import { pathOf } from './path-of.ts'
import { type ProblemOptions, problemResponse } from './problem.ts'
import { setLimitHeaders } from './rate-limits.ts'
import { requestIdOf } from './request-id.ts'
import { securityHeaders } from './security-headers.ts'
import { streamEndOf } from './stream-end.ts'

interface EdgeOptions extends ProblemOptions {
  config: Config
  lifecycle: Lifecycle
  metrics: Pick<Metrics, 'requestAnswered'>
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
  const logAccess = accessLog(options.log)
  return (handle: Handle) => async (request: Request) => {
    const startedAt = performance.now()
    // Now: once the visitor has left, nobody knows the address any more.
    const path = pathOf(request)
    const arrival = { startedAt, path, ip: options.ipOf(request) }
    if (options.shapeOf(path) === 'openai') noteWait(request, 0)
    options.lifecycle.unfinished++
    try {
      return finish(await handle(request), request, arrival)
    } catch (thrown) {
      return finish(problemResponse(thrown, request, options), request, arrival)
    } finally {
      countFinished(request, options.lifecycle)
    }
  }

  function finish<Answer>(response: Answer, request: Request, arrival: Arrival): Answer {
    // Otherwise it is a WebSocket by now.
    const isAnswered = response instanceof Response
    const status = isAnswered ? response.status : 101
    const seconds = (performance.now() - arrival.startedAt) / 1000
    options.metrics.requestAnswered(request.method, arrival.path, status, seconds)
    if (!isAnswered) return response
    response.headers.set('x-request-id', requestIdOf(request))
    setLimitHeaders(request, response.headers)
    setOverheadHeader(request, response.headers, arrival.startedAt)
    setHeaders(response, request)
    // Moves clients that keep connections open over to our successor.
    if (options.lifecycle.isDraining) response.headers.set('connection', 'close')
    logAccess(request, response, arrival)
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
