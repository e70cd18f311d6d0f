import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'

/** A connection that lives on the strength of a session. */
export interface OpenStream {
  sessionId: string
  /** The session has ended: so must the connection. */
  close(): void
}

/** Closes a connection within a second of the end of its session. The returned function ends the watch. */
export function watchSession(
  { openStreams }: Pick<Deps, 'openStreams'>,
  sessionId: string,
  close: () => void,
): () => void {
  const stream = { sessionId, close }
  openStreams.add(stream)
  return () => void openStreams.delete(stream)
}

export interface SessionSignal {
  signal: AbortSignal
  /** To be called when the work is done. */
  unwatch(): void
}

/**
 * For work that ends when whoever asked has left, or with the session that he asked in (null: none): then the signal's
 * reason is an AppError, `unauthenticated`.
 */
export function untilSessionEnds(
  deps: Pick<Deps, 'openStreams'>,
  left: AbortSignal,
  sessionId: string | null,
): SessionSignal {
  if (sessionId === null) return { signal: left, unwatch() {} }
  return stoppedBy(left, (close) => watchSession(deps, sessionId, close))
}

/** The same by whatever `watch` looks at. */
export function stoppedBy(left: AbortSignal, watch: (close: () => void) => () => void): SessionSignal {
  const stopper = new AbortController()
  left.addEventListener('abort', () => stopper.abort(), { once: true })
  if (left.aborted) stopper.abort()
  const close = () => stopper.abort(new AppError('unauthenticated', 'The session or key that asks has ended'))
  return { signal: stopper.signal, unwatch: watch(close) }
}
