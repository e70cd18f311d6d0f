import type { Deps } from '../../deps.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { dropKeys } from './drop-keys.ts'
import { dropSessions } from './drop-sessions.ts'
import { findLivingKeys } from './key-store.ts'
import { deleteExpiredRefreshTokens, deleteExpiredSessions, findLivingSessions } from './session-store.ts'
import { deleteExpiredResetTokens } from './store.ts'

const sweepPauseMs = 10 * 60 * 1000
const batchSize = 1000
/** With the time of a query still less than the second that was promised. */
const watchPauseMs = 700

type WatchDeps = Pick<Deps, 'db' | 'now' | 'log' | 'credentialCache' | 'openStreams'>
type WatchKeyDeps = Pick<Deps, 'db' | 'now' | 'log' | 'keyCache' | 'openCalls'>

/** Sweeps out what has run out, and closes connections whose session or key has ended, wherever it was ended. */
export function startAuthJobs(deps: WatchDeps & WatchKeyDeps): Loop {
  const { log } = deps
  const loops = [
    startLoop({ name: 'auth', pauseMs: sweepPauseMs, work: () => sweepExpired(deps), log }),
    startLoop({ name: 'session watch', pauseMs: watchPauseMs, work: () => closeEndedStreams(deps), log }),
    startLoop({ name: 'key watch', pauseMs: watchPauseMs, work: () => closeEndedCalls(deps), log }),
  ]
  return {
    async stop(maxWaitMs) {
      await Promise.all(loops.map((loop) => loop.stop(maxWaitMs)))
    },
  }
}

/** Sessions, refresh and reset tokens that have run out: they are worth nothing, but take room. */
export async function sweepExpired({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await deleteExpiredResetTokens(db, now())
  // In batches, so that no statement holds many rows for long.
  while ((await deleteExpiredSessions(db, now(), batchSize)) === batchSize);
  while ((await deleteExpiredRefreshTokens(db, now(), batchSize)) === batchSize);
}

/** One query for all connections that are open here; none when there are none. */
export async function closeEndedStreams(deps: WatchDeps): Promise<void> {
  const asked = new Set([...deps.openStreams].map(({ sessionId }) => sessionId))
  if (asked.size === 0) return
  const living = new Set(await findLivingSessions(deps.db, [...asked], deps.now()))
  dropSessions(deps, asked.difference(living))
}

/** The same for answers that go out on the strength of a key. */
export async function closeEndedCalls(deps: WatchKeyDeps): Promise<void> {
  const asked = new Set([...deps.openCalls].map(({ keyId }) => keyId))
  if (asked.size === 0) return
  const living = new Set(await findLivingKeys(deps.db, [...asked], deps.now()))
  dropKeys(deps, asked.difference(living))
}
