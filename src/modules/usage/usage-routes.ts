import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { attachment } from '../../http/attachment.ts'
import { streamBody } from '../../http/stream-body.ts'
import { authGuard } from '../auth/guard.ts'
import { usageOperations } from './operations.ts'
import { csvOfRecords, listRecords } from './records.ts'
import { scopeOfPerson } from './scope-of.ts'
import { getSummary, listBy, listByDay, listByHour, type UsageScope } from './statistics.ts'
import {
  byDayView,
  byHourView,
  byModelView,
  csvQuery,
  rangeQuery,
  recordsQuery,
  recordsView,
  scopeQuery,
  summaryView,
} from './statistics-schema.ts'
import { filterOf, rangeOf } from './usage-query.ts'
import { viewOfPeriod, viewOfRecord, viewOfSums } from './view-of-sums.ts'

const defaultLimit = 30

/** What a person has used; a program sees it with a key that may read usage. */
export function usageRoutes(deps: Deps) {
  return new Elysia({ name: 'usage', prefix: '/api/v1/usage' })
    .use(authGuard(deps))
    .get('/summary', ({ user, query }) => summaryOf(deps, scopeOfPerson(user.id, query)), {
      authOrKey: 'usage',
      query: scopeQuery,
      response: summaryView,
      detail: usageOperations.getUsageSummary,
    })
    .get(
      '/by-day',
      async ({ user, query }) => {
        const days = await listByDay(deps, scopeOfPerson(user.id, query), rangeOf(query))
        return listOf(days.map(({ key: day, ...sums }) => ({ day, ...viewOfSums(sums) })))
      },
      {
        authOrKey: 'usage',
        query: rangeQuery,
        response: byDayView,
        detail: usageOperations.listUsageByDay,
      },
    )
    .get(
      '/by-hour',
      async ({ user, query }) => {
        const hours = await listByHour(deps, scopeOfPerson(user.id, query), rangeOf(query))
        return listOf(hours.map(({ key: hour, ...sums }) => ({ hour, ...viewOfSums(sums) })))
      },
      {
        authOrKey: 'usage',
        query: rangeQuery,
        response: byHourView,
        detail: usageOperations.listUsageByHour,
      },
    )
    .get(
      '/by-model',
      async ({ user, query }) => {
        const models = await listBy(deps, scopeOfPerson(user.id, query), rangeOf(query), 'model')
        return listOf(models.map(({ key: model, ...sums }) => ({ model, ...viewOfSums(sums) })))
      },
      {
        authOrKey: 'usage',
        query: rangeQuery,
        response: byModelView,
        detail: usageOperations.listUsageByModel,
      },
    )
    .get(
      '/records',
      async ({ user, query }) => {
        const { cursor, limit = defaultLimit } = query
        const at = { cursor: cursor || null, limit }
        const page = await listRecords(deps, scopeOfPerson(user.id, query), filterOf(deps, query), at)
        return { items: page.items.map(viewOfRecord), next_cursor: page.nextCursor }
      },
      {
        authOrKey: 'usage',
        query: recordsQuery,
        response: recordsView,
        detail: usageOperations.listUsageRecords,
      },
    )
    .get(
      '/records.csv',
      ({ user, query, request }) =>
        csvAnswer(request, csvOfRecords(deps, scopeOfPerson(user.id, query), filterOf(deps, query))),
      { authOrKey: 'usage', query: csvQuery, detail: usageOperations.exportUsageRecords },
    )
}

export async function summaryOf(deps: Deps, scope: UsageScope) {
  const { today, last7Days, last30Days, total } = await getSummary(deps, scope)
  return {
    timezone: deps.config.usage.timezone,
    currency: deps.config.currency,
    today: viewOfPeriod(today, 1),
    last_7_days: viewOfPeriod(last7Days, 7),
    last_30_days: viewOfPeriod(last30Days, 30),
    total: viewOfPeriod(total, null),
  }
}

export function listOf<Item>(items: Item[]) {
  return { items, next_cursor: null }
}

export function csvAnswer(request: Request, next: () => Promise<string | null>): Response {
  const body = streamBody(request, { next, close: async () => {} })
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': attachment('usage.csv'),
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  })
}
