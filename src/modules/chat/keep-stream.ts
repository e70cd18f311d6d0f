import type { Deps } from '../../deps.ts'
import type { StreamKind } from '../../metrics/metrics.ts'
import { watchSession } from '../auth/watch-session.ts'

/** For the life of a stream: it is counted, and `end` is called when its session ends. Returns what its end must call. */
export function keepStream(
  deps: Pick<Deps, 'openStreams' | 'metrics'>,
  kind: StreamKind,
  sessionId: string,
  end: () => void,
): () => void {
  const undo = [watchSession(deps, sessionId, end), deps.metrics.streamOpened(kind)]
  return () => {
    for (const step of undo) step()
  }
}
