import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { purgeShares as purge } from './store.ts'

const pauseMs = 60 * 60 * 1000
const keptMs = 30 * 24 * 3600 * 1000
const batchSize = 100

/** Deletes what expired 30 days ago; until then its owner may make it last longer. */
export function startShareJobs(deps: Pick<Deps, 'db' | 'now' | 'log'>): Loop {
  return startLoop({ name: 'shares', pauseMs, work: () => purgeShares(deps), log: deps.log })
}

export async function purgeShares({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const expiredBefore = new Date(now().getTime() - keptMs)
  while ((await purge(db, expiredBefore, batchSize)) === batchSize);
}
