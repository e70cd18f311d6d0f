import type { Server } from 'bun'
import type { Deps } from '../deps.ts'
import type { Lifecycle } from '../lib/lifecycle.ts'
import { drainTurns } from '../modules/chat/drain-turns.ts'

/** While answers say `Connection: close`, so that clients with open connections move over and none is cut. */
const handOverMs = 1500

/** For whatever was cut to write down what it has. */
const lastWordsMs = 1000

/**
 * Ends in good order: nothing long begins any more, what runs may finish for DRAIN_SECONDS, the rest is cut.
 * Resolves when no request is left; what the requests need is still open then.
 */
export async function shutDown(
  server: Server<unknown>,
  deps: Pick<Deps, 'config' | 'lifecycle' | 'log' | 'turns'>,
): Promise<void> {
  const { config, lifecycle, log } = deps
  lifecycle.isDraining = true
  log.info({ requests: server.pendingRequests }, 'stopping')
  if (config.production) await Bun.sleep(handOverMs)
  const deadline = performance.now() + config.drainSeconds * 1000
  const drained = server.stop(false).then(() => true)
  // Answers that nobody reads at this moment are finished as well.
  await drainTurns(deps, deadline)
  const isDrained = await Promise.race([drained, later(Math.max(deadline - performance.now(), lastWordsMs))])
  if (!isDrained) {
    log.warn({ requests: server.pendingRequests }, 'cutting what is still running')
    void server.stop(true)
  }
  await finished(lifecycle)
}

/** The server is done with a connection as soon as it is cut; what was received by then is not written down yet. */
async function finished(lifecycle: Lifecycle): Promise<void> {
  const giveUpAt = performance.now() + lastWordsMs
  while (lifecycle.unfinished > 0 && performance.now() < giveUpAt) await Bun.sleep(5)
}

async function later(ms: number): Promise<false> {
  await Bun.sleep(ms)
  return false
}
