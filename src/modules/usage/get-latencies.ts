import type { Deps } from '../../deps.ts'
import { type Latencies, measureLatencies } from './latency-store.ts'

export type { Latencies, Latency } from './latency-store.ts'

const hours = { '24h': 24, '7d': 7 * 24 }

export type LatencyPeriod = keyof typeof hours

const mostModels = 100

/**
 * How long models take, lately: of all instances, as the ledger says. The newest `mostCalls` alone are looked at: so
 * many tell as much as all of them, and are read in a moment.
 */
export async function getLatencies(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  period: LatencyPeriod,
  mostCalls = 50_000,
): Promise<Latencies & { since: Date; isCapped: boolean }> {
  const since = new Date(now().getTime() - hours[period] * 3_600_000)
  const latencies = await measureLatencies(db, { since, mostCalls, mostModels })
  const isCapped = latencies.all.calls === mostCalls
  return { ...latencies, since: isCapped ? new Date(latencies.oldestAtMs ?? since) : since, isCapped }
}
