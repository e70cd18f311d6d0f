import type { Deps } from '../../deps.ts'

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
