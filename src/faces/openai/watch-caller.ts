import type { Deps } from '../../deps.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { watchKey } from '../../modules/auth/watch-key.ts'
import { watchSession } from '../../modules/auth/watch-session.ts'

/** Ends what goes out on the strength of a key or a session with that. The returned function ends the watch. */
export function watchCaller(
  deps: Deps,
  { user, key, sessionId }: Pick<Caller, 'user' | 'key' | 'sessionId'>,
  end: () => void,
): () => void {
  if (key !== null) return watchKey(deps, { keyId: key.id, userId: user.id }, end)
  return sessionId === null ? () => {} : watchSession(deps, sessionId, end)
}
