import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { listUnready } from './store.ts'
import { sweepImages } from './sweep-images.ts'

const pauseMs = 60_000
/** Longer than it takes to keep what was drawn. */
const graceMs = 15 * 60_000
const batchSize = 100

type JobDeps = Pick<Deps, 'db' | 'blobs' | 'now' | 'log'>

/** Deletes what a crash, or a storage that was away, has left behind. */
export function startImageJobs(deps: JobDeps): Loop {
  return startLoop({ name: 'images', pauseMs, work: () => sweepLeftovers(deps), log: deps.log })
}

export async function sweepLeftovers(deps: JobDeps): Promise<void> {
  const before = new Date(deps.now().getTime() - graceMs)
  await sweepImages(deps, await listUnready(deps.db, before, batchSize))
}
