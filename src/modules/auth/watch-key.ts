import type { Deps } from '../../deps.ts'

/** An answer that goes out on the strength of an API key. */
export interface OpenCall {
  keyId: string
  /** Whose key it is. */
  userId: number
  /** The key lets nobody in any more: the answer must end. */
  close(): void
}

/** Closes an answer within a second of the end of its key. The returned function ends the watch. */
export function watchKey(
  { openCalls }: Pick<Deps, 'openCalls'>,
  of: Pick<OpenCall, 'keyId' | 'userId'>,
  close: () => void,
): () => void {
  const call = { ...of, close }
  openCalls.add(call)
  return () => void openCalls.delete(call)
}
