import type { Deps } from '../../deps.ts'
import { sendNoCacheControl } from '../../http/security-headers.ts'
import { checkHealth } from '../../modules/status/check-health.ts'
import type { FaceReader } from './face-request.ts'

/** What a deployment waits for: three booleans that are all true. */
export function healthz(deps: Deps): FaceReader {
  return async () => {
    const { database, redis } = await checkHealth(deps)
    const ok = database && redis
    return Response.json({ ok, redis, db: database }, { status: ok ? 200 : 503 })
  }
}

/** Another answer each time it is made: shows by repeating itself that a proxy keeps it. */
export function test(): FaceReader {
  return async (request) => {
    sendNoCacheControl(request)
    return Response.json({ timestamp: Date.now() / 1000, request_id: crypto.randomUUID() })
  }
}
