import type { Deps } from '../../deps.ts'
import { describeError } from '../../lib/describe-error.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { withTimeLimit } from '../../lib/time-limit.ts'
import { saveLearnedFactors } from './save-factors.ts'
import { listFactors } from './store.ts'
import { adoptFactor } from './token-factors.ts'

const pauseMs = 60 * 1000

type JobDeps = Pick<Deps, 'db' | 'tokenFactors' | 'log'>

/** Takes up what was learned about models' tokens before, and writes down now and then, and last, what is learned. */
export function startModelJobs(deps: JobDeps): Loop {
  let isLoaded = false
  const loop = startLoop({ name: 'models', pauseMs, work, log: deps.log })

  async function work(): Promise<void> {
    if (!isLoaded) await loadFactors(deps)
    isLoaded = true
    await saveLearnedFactors(deps)
  }

  async function stop(maxWaitMs = 5000): Promise<void> {
    await loop.stop(maxWaitMs)
    await withTimeLimit(saveLearnedFactors(deps), maxWaitMs, 'the database took too long').catch((error) =>
      deps.log.debug({ error: describeError(error) }, 'what was learned about tokens is lost'),
    )
  }

  return { stop }
}

export async function loadFactors(deps: Pick<Deps, 'db' | 'tokenFactors'>): Promise<void> {
  for (const row of await listFactors(deps.db)) adoptFactor(deps, row)
}
