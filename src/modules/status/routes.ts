import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { isFromThisMachine } from '../../http/client-ip.ts'
import { requestedHost } from '../../http/host-name.ts'
import { version } from '../../lib/version.ts'
import { checkHealth, type Health } from './check-health.ts'
import { type DescribeDeps, describeService } from './describe-service.ts'
import { mayReadMetrics } from './may-read-metrics.ts'
import { operations } from './operations.ts'
import { healthView, infoView, livenessView, readinessView } from './schema.ts'

type StatusDeps = DescribeDeps & Pick<Deps, 'kv' | 'lifecycle' | 'metrics'>

/** For whoever watches the service. None of them calls a provider; what is public tells nothing of its use. */
export function statusRoutes(deps: StatusDeps) {
  return new Elysia({ name: 'status' })
    .get('/livez', () => ({ status: 'alive' as const }), {
      response: livenessView,
      detail: operations.getLiveness,
    })
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
      { response: { 200: readinessView, 503: readinessView }, detail: operations.getReadiness },
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
      { response: { 200: healthView, 503: healthView }, detail: operations.getHealth },
    )
    .get('/info', () => describeService(deps), { response: infoView, detail: operations.getInfo })
    .get(
      '/metrics',
      async ({ request, server }) => {
        const reader = {
          isFromThisMachine: isFromThisMachine({ request, server }),
          host: requestedHost(request),
          bearer: readBearer(request),
        }
        if (!mayReadMetrics(deps.config.metricsToken, reader)) {
          throw new AppError('forbidden', 'Metrics are for this machine, or with METRICS_TOKEN')
        }
        const { text, contentType } = await deps.metrics.scrape()
        return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
      },
      { detail: operations.getMetrics },
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
