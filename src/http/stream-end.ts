/** How a response that took its time came to its end. */
export interface StreamEnd {
  /** `failed`: cut by us after the first byte. */
  outcome: 'complete' | 'client_left' | 'failed'
  bytes: number
}

const ends = new WeakMap<Request, Promise<StreamEnd>>()

/** Told by whoever answers with a stream, so that its line in the access log is written at its end. */
export function announceStreamEnd(request: Request, end: Promise<StreamEnd>): void {
  ends.set(request, end)
}

/** Null: the response was complete when the route returned. */
export function streamEndOf(request: Request): Promise<StreamEnd> | null {
  return ends.get(request) ?? null
}
