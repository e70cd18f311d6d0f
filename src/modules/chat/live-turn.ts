import type { TurnLog } from './turn-log.ts'

/** A turn that this process generates, or has just generated. */
export interface LiveTurn {
  id: string
  userId: number
  conversationId: string
  log: TurnLog
  /** Stops the model. `stopped`: somebody asked for it; `interrupted`: this process cannot go on. */
  stop(why: 'stopped' | 'interrupted'): void
  /** Readers of this process. */
  readers: number
  /** Resolves when the end is in the database and in the log. */
  ended: Promise<void>
}
