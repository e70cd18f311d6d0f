import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { authGuard } from '../auth/guard.ts'
import type { RecentCalls } from '../usage/get-recent-calls.ts'
import { viewOfSpread } from '../usage/view-of-sums.ts'
import { getOverview, type Overview } from './get-overview.ts'
import { operations } from './operations.ts'
import { overviewView } from './overview-schema.ts'

/** How the service does. */
export function adminOverviewRoutes(deps: Deps) {
  return new Elysia({ name: 'admin-overview', prefix: '/api/v1/admin' })
    .use(authGuard(deps))
    .get('/overview', async () => viewOf(await getOverview(deps)), {
      auth: 'admin',
      response: overviewView,
      detail: operations.getOverview,
    })
}

function viewOf({ live, recent, mail, files, versions, memoryBytes }: Overview): typeof overviewView.static {
  return {
    live: {
      instances: live.instances,
      turns: live.turns,
      turns_here: live.turnsHere,
      streams_here: live.streamsHere,
      calls_here: live.callsHere,
    },
    last_hour: viewOfCalls(recent.lastHour),
    last_24_hours: viewOfCalls(recent.lastDay),
    errors: recent.faults.map(({ code, model, lastHour, lastDay, lastAtMs }) => ({
      code,
      model,
      last_hour: lastHour,
      last_24_hours: lastDay,
      last_at: new Date(lastAtMs).toISOString(),
    })),
    mail,
    files,
    versions,
    memory_bytes: memoryBytes,
  }
}

function viewOfCalls(sums: RecentCalls) {
  const { calls, failed, stopped, interrupted, firstTokenMs, durationMs } = sums
  return {
    calls,
    failed,
    stopped,
    interrupted,
    error_rate: calls === 0 ? null : failed / calls,
    first_token_ms: viewOfSpread(firstTokenMs),
    duration_ms: viewOfSpread(durationMs),
  }
}
