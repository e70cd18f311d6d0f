import { type Log, writeLine } from '../lib/log.ts'
import { loggedPath } from './path-of.ts'
import { requestIdOf } from './request-id.ts'
import { type StreamEnd, streamEndOf } from './stream-end.ts'

/** Asked every few seconds by whatever watches the service: no news unless they fail. */
const probes = new Set([
  '/livez',
  '/readyz',
  '/health',
  '/metrics',
  '/auth/healthz',
  '/cloudchat/auth/healthz',
])

/** What was noted down when the request arrived. */
export interface Arrival {
  /** By `performance.now()`. */
  startedAt: number
  path: string
  ip: string
}

/**
 * One JSON line for a request, at the end of its answer, streams included. Never the query (reset tokens),
 * the token of something shared, headers or bodies.
 */
export function accessLog(log: Log) {
  return (request: Request, response: Response, { startedAt, path, ip }: Arrival): void => {
    const isQuiet = probes.has(path) && response.status < 400
    const level = isQuiet ? 'debug' : 'info'
    if (!log.isLevelEnabled(level)) return
    const write = (end: StreamEnd | null) => {
      const record = {
        request_id: requestIdOf(request),
        method: request.method,
        path: loggedPath(path),
        status: response.status,
        duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
        bytes: end?.bytes ?? declaredLength(response),
        outcome: end?.outcome,
        ip,
      }
      writeLine(log, level, record, 'request')
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
