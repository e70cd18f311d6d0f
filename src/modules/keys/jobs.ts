import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { purgeKeys as purge } from './store.ts'

const pauseMs = 60 * 60 * 1000
const keptMs = 400 * 24 * 3600 * 1000
const batchSize = 100

/** Deletes what was revoked 400 days ago; until then it gives its name to a year of statistics. */
export function startKeyJobs(deps: Pick<Deps, 'db' | 'now' | 'log'>): Loop {
  return startLoop({ name: 'keys', pauseMs, work: () => purgeKeys(deps), log: deps.log })
}

export async function purgeKeys({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const revokedBefore = new Date(now().getTime() - keptMs)
  while ((await purge(db, revokedBefore, batchSize)) === batchSize);
}
