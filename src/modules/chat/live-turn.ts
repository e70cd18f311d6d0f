import type { TurnLog } from './turn-log.ts'

/** A turn that this process generates, or has just generated. */
export interface LiveTurn {
  id: string
  userId: number
  conversationId: string
  log: TurnLog
  /** Stops the model; the first reason holds. `stopped`: somebody asked for it; `interrupted`: we cannot go on. */
  stop(why: 'stopped' | 'interrupted'): void
  /** Its end is being written down: nothing but the end may be added to the log. */
  isEnding: boolean
  /** Readers of this process. */
  readers: number
  left(): void
  /** How far the stored chunks go; unsure: nobody knows whether the last insert was done. */
  stored: { seq: number; textLength: number; reasoningLength: number; isUnsure: boolean }
  /** Settles when a chunk is stored that is on its way; null: none is. */
  storing: Promise<void> | null
  /** Number of the last entry in the shared store. */
  mirroredSeq: number
  /** By `performance.now()`. */
  mirroredAt: number
  /** Resolves when the end is in the log. */
  ended: Promise<void>
}
