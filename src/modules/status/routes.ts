import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { version } from '../../lib/version.ts'
import { checkHealth, type Health } from './check-health.ts'
import { healthView, livenessView, readinessView } from './schema.ts'

/** For whoever watches the service. None of them calls a provider or tells how many people use it. */
export function statusRoutes(deps: Pick<Deps, 'db' | 'kv' | 'now' | 'lifecycle'>) {
  return new Elysia({ name: 'status' })
    .get('/livez', () => ({ status: 'alive' as const }), { response: livenessView })
    .get(
      '/readyz',
      async ({ set }) => {
        const health = await checkHealth(deps)
        const { isDraining } = deps.lifecycle
        const isReady = health.schema && !isDraining
        set.status = isReady ? 200 : 503
        return {
          status: isDraining ? ('draining' as const) : readinessOf(health),
          services: { ...servicesOf(deps, health), migrations: health.schema },
        }
      },
      { response: { 200: readinessView, 503: readinessView } },
    )
    .get(
      '/health',
      async ({ set, server }) => {
        const health = await checkHealth(deps)
        const now = deps.now()
        set.status = health.database ? 200 : 503
        return {
          status: statusOf(health),
          service: 'cloudchat' as const,
          version,
          timestamp: now.toISOString(),
          uptime: (now.getTime() - deps.lifecycle.startedAt.getTime()) / 1000,
          services: servicesOf(deps, health),
          active_connections: (server?.pendingRequests ?? 0) + (server?.pendingWebSockets ?? 0),
        }
      },
      { response: { 200: healthView, 503: healthView } },
    )
}

function statusOf(health: Health) {
  if (!health.database) return 'unhealthy' as const
  return health.redis && health.schema ? ('healthy' as const) : ('degraded' as const)
}

function readinessOf(health: Health) {
  if (!health.schema) return 'unready' as const
  return health.redis ? ('ready' as const) : ('degraded' as const)
}

function servicesOf(deps: Pick<Deps, 'kv'>, health: Health) {
  return {
    database: health.database ? ('up' as const) : ('down' as const),
    redis: deps.kv.state(),
  }
}
