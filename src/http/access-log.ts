import type { Log } from '../lib/log.ts'
import { pathOf } from './path-of.ts'
import { requestIdOf } from './request-id.ts'
import { type StreamEnd, streamEndOf } from './stream-end.ts'

const maxPathLength = 256

/** Asked every few seconds by whatever watches the service: no news unless they fail. */
const probes = new Set(['/livez', '/readyz', '/health', '/auth/healthz', '/cloudchat/auth/healthz'])

/**
 * One JSON line for a request, at the end of its answer, streams included. Never the query (reset tokens),
 * headers or bodies.
 */
export function accessLog(log: Log, ipOf: (request: Request) => string) {
  // The search for secrets would cost more than most requests; these fields, chosen below, have none.
  const lines = log.child({}, { redact: [] })
  return (request: Request, response: Response, startedAt: number): void => {
    const path = pathOf(request)
    const isQuiet = probes.has(path) && response.status < 400
    if (!lines.isLevelEnabled(isQuiet ? 'debug' : 'info')) return
    const ip = ipOf(request)
    const write = (end: StreamEnd | null) => {
      const record = {
        request_id: requestIdOf(request),
        method: request.method,
        path: path.slice(0, maxPathLength),
        status: response.status,
        duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
        bytes: end?.bytes ?? declaredLength(response),
        outcome: end?.outcome,
        ip,
      }
      if (isQuiet) lines.debug(record, 'request')
      else lines.info(record, 'request')
    }
    const end = streamEndOf(request)
    if (end === null) write(null)
    else end.then(write, () => write({ outcome: 'failed', bytes: 0 }))
  }
}

function declaredLength(response: Response): number | undefined {
  const length = response.headers.get('content-length')
  return length === null ? undefined : Number(length)
}
