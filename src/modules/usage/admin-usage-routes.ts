import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { pageWishOf } from '../../http/list-query.ts'
import type { SortedPage } from '../../lib/sorted-page.ts'
import { authGuard } from '../auth/guard.ts'
import { getLatencies } from './get-latencies.ts'
import { latenciesQuery, latenciesView } from './latency-schema.ts'
import { adminUsageOperations as operations } from './operations.ts'
import { csvOfRecords, listRecords } from './records.ts'
import { readName, scopeOf } from './scope-of.ts'
import { listByDay, listByHour, listByKey, listByPerson, rankBy } from './statistics.ts'
import {
  adminCsvQuery,
  adminKeysQuery,
  adminRangeQuery,
  adminRecordsQuery,
  adminScopeQuery,
  adminSplitQuery,
  byDayView,
  byHourView,
  byKeyView,
  byKindView,
  byProviderView,
  byUserView,
  rankedModelsView,
  rankQuery,
  recordsView,
  summaryView,
} from './statistics-schema.ts'
import { filterOf, rangeOf } from './usage-query.ts'
import { csvAnswer, listOf, summaryOf } from './usage-routes.ts'
import { viewOfLatency, viewOfRecord, viewOfSums } from './view-of-sums.ts'

const defaultLimit = 30
const mostTokens = { sort: 'tokens', order: 'desc', limit: 100 } as const

/** What everybody has used, or one person, or one key; and who has used the most. */
export function adminUsageRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-usage' })
    .use(sumRoutes(deps))
    .use(rankRoutes(deps))
    .use(latencyRoutes(deps))
    .use(recordRoutes(deps))
}

function sumRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-usage-sums', prefix: '/api/v1/admin/usage' })
    .use(authGuard(deps))
    .get('/summary', async ({ query }) => summaryOf(deps, await scopeOf(deps, query)), {
      auth: 'admin',
      query: adminScopeQuery,
      response: summaryView,
      detail: operations.getAllUsageSummary,
    })
    .get(
      '/by-day',
      async ({ query }) => {
        const days = await listByDay(deps, await scopeOf(deps, query), rangeOf(query))
        return listOf(days.map(({ key: day, ...sums }) => ({ day, ...viewOfSums(sums) })))
      },
      { auth: 'admin', query: adminRangeQuery, response: byDayView, detail: operations.listAllUsageByDay },
    )
    .get(
      '/by-hour',
      async ({ query }) => {
        const hours = await listByHour(deps, await scopeOf(deps, query), rangeOf(query))
        return listOf(hours.map(({ key: hour, ...sums }) => ({ hour, ...viewOfSums(sums) })))
      },
      { auth: 'admin', query: adminRangeQuery, response: byHourView, detail: operations.listAllUsageByHour },
    )
    .get(
      '/by-model',
      async ({ query }) => {
        const page = await splitBy(deps, query, 'model')
        return pageOf(page, ({ key: model, ...sums }) => ({ model, ...viewOfSums(sums) }))
      },
      {
        auth: 'admin',
        query: adminSplitQuery,
        response: rankedModelsView,
        detail: operations.listAllUsageByModel,
      },
    )
    .get(
      '/by-provider',
      async ({ query }) => {
        const page = await splitBy(deps, query, 'provider')
        return pageOf(page, ({ key: provider, ...sums }) => ({ provider, ...viewOfSums(sums) }))
      },
      {
        auth: 'admin',
        query: adminSplitQuery,
        response: byProviderView,
        detail: operations.listUsageByProvider,
      },
    )
    .get(
      '/by-kind',
      async ({ query }) => {
        const page = await splitBy(deps, query, 'kind')
        return pageOf(page, ({ key: kind, ...sums }) => ({ kind, ...viewOfSums(sums) }))
      },
      { auth: 'admin', query: adminSplitQuery, response: byKindView, detail: operations.listUsageByKind },
    )
}

function rankRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-usage-ranks', prefix: '/api/v1/admin/usage' })
    .use(authGuard(deps))
    .get(
      '/by-user',
      async ({ query }) => {
        const people = await listByPerson(deps, rankOf(query))
        return pageOf(people, ({ uid, name, ...sums }) => ({ user_id: uid, name, ...viewOfSums(sums) }))
      },
      { auth: 'admin', query: rankQuery, response: byUserView, detail: operations.listUsageByUser },
    )
    .get(
      '/by-key',
      async ({ query }) => {
        const { userId } = await scopeOf(deps, { user_id: query.user_id })
        const keys = await listByKey(deps, userId, rankOf(query))
        return pageOf(keys, ({ keyId, uid, name, ...sums }) => ({
          key_id: keyId,
          name,
          user_id: uid,
          ...viewOfSums(sums),
        }))
      },
      { auth: 'admin', query: adminKeysQuery, response: byKeyView, detail: operations.listUsageByKey },
    )
}

function latencyRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-usage-latencies', prefix: '/api/v1/admin/usage' })
    .use(authGuard(deps))
    .get(
      '/latencies',
      async ({ query: { period = '24h' } }) => {
        const { since, isCapped, all, models } = await getLatencies(deps, period)
        return {
          since: since.toISOString(),
          capped: isCapped,
          all: viewOfLatency(all),
          ...listOf(models.map((one) => ({ model: one.model ?? '', ...viewOfLatency(one) }))),
        }
      },
      {
        auth: 'admin',
        query: latenciesQuery,
        response: latenciesView,
        detail: operations.getLatencies,
      },
    )
}

function recordRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-usage-records', prefix: '/api/v1/admin/usage' })
    .use(authGuard(deps))
    .get(
      '/records',
      async ({ query }) => {
        const { cursor, limit = defaultLimit } = query
        const at = { cursor: cursor || null, limit }
        const page = await listRecords(deps, await scopeOf(deps, query), filterOf(deps, query), at)
        return { items: page.items.map(viewOfRecord), next_cursor: page.nextCursor }
      },
      {
        auth: 'admin',
        query: adminRecordsQuery,
        response: recordsView,
        detail: operations.listAllUsageRecords,
      },
    )
    .get(
      '/records.csv',
      async ({ query, request }) =>
        csvAnswer(request, csvOfRecords(deps, await scopeOf(deps, query), filterOf(deps, query))),
      { auth: 'admin', query: adminCsvQuery, detail: operations.exportAllUsageRecords },
    )
}

async function splitBy(
  deps: Deps,
  query: typeof adminSplitQuery.static,
  split: 'model' | 'provider' | 'kind',
) {
  const wish = pageWishOf(query, { ...mostTokens, limit: null })
  return rankBy(deps, await scopeOf(deps, query), rangeOf(query), split, wish)
}

function rankOf(query: typeof rankQuery.static) {
  const { provider } = query
  return { ...rangeOf(query), ...pageWishOf(query, mostTokens), provider: readName(provider) }
}

function pageOf<Row, View>({ items, nextCursor }: SortedPage<Row>, viewOf: (row: Row) => View) {
  return { items: items.map(viewOf), next_cursor: nextCursor }
}
