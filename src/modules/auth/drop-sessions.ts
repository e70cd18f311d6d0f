import type { Deps } from '../../deps.ts'
import { closeAll } from './close-all.ts'

/**
 * For sessions that have just ended: nobody is let in any more on what this process remembers of them, and their
 * open connections close. Other instances notice by themselves within a second.
 */
export function dropSessions(
  { credentialCache, openStreams, log }: Pick<Deps, 'credentialCache' | 'openStreams' | 'log'>,
  sessionIds: Iterable<string>,
): void {
  const ended = new Set(sessionIds)
  if (ended.size === 0) return
  credentialCache.forget((credential) => credential !== null && ended.has(credential.sessionId))
  closeAll(openStreams, ({ sessionId }) => ended.has(sessionId), log)
}
