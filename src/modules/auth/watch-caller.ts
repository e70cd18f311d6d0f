import type { Deps } from '../../deps.ts'
import type { Caller } from './resolve-caller.ts'
import { watchKey } from './watch-key.ts'
import { type SessionSignal, stoppedBy, watchSession } from './watch-session.ts'

type Watched = Pick<Caller, 'user' | 'key' | 'sessionId'>

/** Ends what goes out on the strength of a key or a session with that. The returned function ends the watch. */
export function watchCaller(
  deps: Pick<Deps, 'openCalls' | 'openStreams'>,
  { user, key, sessionId }: Watched,
  end: () => void,
): () => void {
  if (key !== null) return watchKey(deps, { keyId: key.id, userId: user.id }, end)
  return sessionId === null ? () => {} : watchSession(deps, sessionId, end)
}

/** As `untilSessionEnds`, for whom a key may let in. */
export function untilCallerEnds(
  deps: Pick<Deps, 'openCalls' | 'openStreams'>,
  left: AbortSignal,
  caller: Watched,
): SessionSignal {
  return stoppedBy(left, (close) => watchCaller(deps, caller, close))
}
