import { t } from 'elysia'

const overall = t.Union([t.Literal('healthy'), t.Literal('degraded'), t.Literal('unhealthy')], {
  description: '`degraded`: it works, but not all of it. `unhealthy`: without a database it does not.',
})
const reachable = t.Union([t.Literal('up'), t.Literal('down')], {
  description: 'Whether the database answers.',
})
const store = t.Union([t.Literal('up'), t.Literal('down'), t.Literal('embedded')], {
  description: '`embedded`: no Redis is configured.',
})

const version = t.String({ description: '`0.1.0`, or `0.1.0+1a2b3c4` with the commit it was built from.' })

export const livenessView = t.Object({ status: t.Literal('alive', { description: 'It answers.' }) })

export const readinessView = t.Object(
  {
    status: t.Union(
      [t.Literal('ready'), t.Literal('degraded'), t.Literal('unready'), t.Literal('draining')],
      {
        description: '`draining`: it is about to end, and finishes what it has begun.',
      },
    ),
    services: t.Object(
      {
        database: reachable,
        migrations: t.Boolean({ description: 'The database is as this program needs it.' }),
        redis: store,
      },
      { description: 'What it stands on.' },
    ),
  },
  { title: 'Readiness' },
)

export const healthView = t.Object(
  {
    status: overall,
    service: t.Literal('cloudchat', { description: 'Which service this is.' }),
    version,
    timestamp: t.String({ format: 'date-time', description: 'Now.' }),
    uptime: t.Number({ description: 'Seconds since the start.' }),
    services: t.Object({ database: reachable, redis: store }, { description: 'What it stands on.' }),
    active_connections: t.Integer({ description: 'Requests in progress and open sockets.' }),
  },
  { title: 'Health' },
)

export const infoView = t.Object({
  name: t.Literal('CloudChat', { description: 'Which program this is.' }),
  version,
  environment: t.Union([t.Literal('development'), t.Literal('production')], {
    description: 'As ENVIRONMENT says.',
  }),
  site_name: t.String({ description: 'As the operator chose it.' }),
  api: t.String({ description: 'Where the API begins.' }),
  models: t.Integer({ description: 'How many may be chosen; GET /api/v1/models has them.' }),
  features: t.Array(t.String({ description: 'A name: `streaming`, `websocket` …' }), {
    description: 'What it can do; more may come.',
  }),
  time: t.String({ format: 'date-time', description: 'Now.' }),
})
