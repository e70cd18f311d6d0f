import { t } from 'elysia'

const overall = t.Union([t.Literal('healthy'), t.Literal('degraded'), t.Literal('unhealthy')])
const reachable = t.Union([t.Literal('up'), t.Literal('down')])
const store = t.Union([t.Literal('up'), t.Literal('down'), t.Literal('embedded')], {
  description: '`embedded`: no Redis is configured.',
})

export const livenessView = t.Object({ status: t.Literal('alive') })

export const readinessView = t.Object({
  status: t.Union([t.Literal('ready'), t.Literal('degraded'), t.Literal('unready'), t.Literal('draining')]),
  services: t.Object({ database: reachable, migrations: t.Boolean(), redis: store }),
})

export const healthView = t.Object({
  status: overall,
  service: t.Literal('cloudchat'),
  version: t.String(),
  timestamp: t.String({ format: 'date-time' }),
  uptime: t.Number({ description: 'Seconds since the start.' }),
  services: t.Object({ database: reachable, redis: store }),
  active_connections: t.Integer({ description: 'Requests in progress and open sockets.' }),
})

export const infoView = t.Object({
  name: t.Literal('CloudChat'),
  version: t.String(),
  environment: t.Union([t.Literal('development'), t.Literal('production')]),
  site_name: t.String({ description: 'As the operator chose it.' }),
  api: t.String({ description: 'Where the API begins.' }),
  models: t.Integer({ description: 'How many may be chosen; GET /api/v1/models has them.' }),
  features: t.Array(t.String()),
  time: t.String({ format: 'date-time' }),
})
