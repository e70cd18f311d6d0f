import type { Deps } from '../../deps.ts'
import { listFaults, type RecentCalls, type RecentFault, sumRecent } from './recent-store.ts'

export type { RecentCalls, RecentFault, Spread } from './recent-store.ts'

export interface Recent {
  lastHour: RecentCalls
  lastDay: RecentCalls
  /** Of the last day, the latest first. */
  faults: RecentFault[]
}

const hourMs = 3_600_000
const mostFaults = 20

/** How what models were asked for has gone lately, whoever asked: from the ledger, so of all instances. */
export async function getRecentCalls({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<Recent> {
  const before = (ms: number) => new Date(now().getTime() - ms)
  const hour = before(hourMs)
  const day = before(24 * hourMs)
  const [lastHour, lastDay, faults] = await Promise.all([
    sumRecent(db, hour),
    sumRecent(db, day),
    listFaults(db, { hour, day, limit: mostFaults }),
  ])
  return { lastHour, lastDay, faults }
}
