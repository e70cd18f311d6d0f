import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { authGuard } from '../auth/guard.ts'
import { getLatencies } from './get-latencies.ts'
import { latenciesQuery, latenciesView } from './latency-schema.ts'
import { adminUsageOperations as operations } from './operations.ts'
import { csvOfRecords, listRecords } from './records.ts'
import { readName, scopeOf } from './scope-of.ts'
import { listBy, listByDay, listByHour, listByKey, listByPerson } from './statistics.ts'
import {
  adminCsvQuery,
  adminKeysQuery,
  adminRangeQuery,
  adminRecordsQuery,
  adminScopeQuery,
  byDayView,
  byHourView,
  byKeyView,
  byKindView,
  byModelView,
  byProviderView,
  byUserView,
  rankQuery,
  recordsView,
  summaryView,
} from './statistics-schema.ts'
import { filterOf, rangeOf } from './usage-query.ts'
import { csvAnswer, listOf, summaryOf } from './usage-routes.ts'
import { viewOfLatency, viewOfRecord, viewOfSums } from './view-of-sums.ts'

const defaultLimit = 30
const usualRanks = 100

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
        const models = await listBy(deps, await scopeOf(deps, query), rangeOf(query), 'model')
        return listOf(models.map(({ key: model, ...sums }) => ({ model, ...viewOfSums(sums) })))
      },
      {
        auth: 'admin',
        query: adminRangeQuery,
        response: byModelView,
        detail: operations.listAllUsageByModel,
      },
    )
    .get(
      '/by-provider',
      async ({ query }) => {
        const providers = await listBy(deps, await scopeOf(deps, query), rangeOf(query), 'provider')
        return listOf(providers.map(({ key: provider, ...sums }) => ({ provider, ...viewOfSums(sums) })))
      },
      {
        auth: 'admin',
        query: adminRangeQuery,
        response: byProviderView,
        detail: operations.listUsageByProvider,
      },
    )
    .get(
      '/by-kind',
      async ({ query }) => {
        const kinds = await listBy(deps, await scopeOf(deps, query), rangeOf(query), 'kind')
        return listOf(kinds.map(({ key: kind, ...sums }) => ({ kind, ...viewOfSums(sums) })))
      },
      { auth: 'admin', query: adminRangeQuery, response: byKindView, detail: operations.listUsageByKind },
    )
}

function rankRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-usage-ranks', prefix: '/api/v1/admin/usage' })
    .use(authGuard(deps))
    .get(
      '/by-user',
      async ({ query }) => {
        const people = await listByPerson(deps, rankOf(query))
        return listOf(people.map(({ uid, name, ...sums }) => ({ user_id: uid, name, ...viewOfSums(sums) })))
      },
      { auth: 'admin', query: rankQuery, response: byUserView, detail: operations.listUsageByUser },
    )
    .get(
      '/by-key',
      async ({ query }) => {
        const { userId } = await scopeOf(deps, { user_id: query.user_id })
        const keys = await listByKey(deps, userId, rankOf(query))
        return listOf(
          keys.map(({ keyId, uid, name, ...sums }) => ({
            key_id: keyId,
            name,
            user_id: uid,
            ...viewOfSums(sums),
          })),
        )
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
        const page = await listRecords(deps, await scopeOf(deps, query), filterOf(query), at)
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
        csvAnswer(request, csvOfRecords(deps, await scopeOf(deps, query), filterOf(query))),
      { auth: 'admin', query: adminCsvQuery, detail: operations.exportAllUsageRecords },
    )
}

interface Rank {
  provider?: string | undefined
  from?: string | undefined
  to?: string | undefined
  sort?: 'tokens' | 'calls' | 'cost' | undefined
  limit?: number | undefined
}

function rankOf({ sort = 'tokens', limit = usualRanks, provider, ...range }: Rank) {
  return { ...rangeOf(range), measure: sort, limit, provider: readName(provider) }
}
