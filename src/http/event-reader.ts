/** One event for a client. */
export interface StreamEvent {
  /** Its number, where the client may come back for what follows it. */
  seq?: number
  type: string
  /** JSON text, on one line as `JSON.stringify` writes it. */
  data: string
}

/** Where a client's events come from. */
export interface EventReader {
  /** The next ones, never none; null: that was all. Rejecting cuts the connection. */
  next(): Promise<StreamEvent[] | null>
  /** Called once; `next` may still be waiting. */
  close(): void
}
