import type { ModelRef, RelayEnd, RelayPath } from '../../llm/llm.ts'

/** A question that was passed on, for whoever writes it down. */
export interface Call {
  path: RelayPath
  userId: number
  keyId: string | null
  /** About so many tokens has the question. */
  promptTokens: number
  images: number
  /** By `performance.now()`. */
  startedAt: number
}

export interface CallEnd extends RelayEnd {
  model: ModelRef
  outcome: 'complete' | 'stopped' | 'failed' | 'interrupted'
  errorCode: string | null
  firstByteMs: number | null
}
