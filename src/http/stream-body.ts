import { setTimeout as sleep } from 'node:timers/promises'
import { announceStreamEnd, type StreamEnd } from './stream-end.ts'

/** Where the pieces of a body come from. */
export interface PieceSource {
  /** The next piece; null: that was all. Rejecting cuts the connection. */
  next(): Promise<string | Uint8Array | null>
  /**
   * Called once, however the body ends, while `next` may still be waiting. The body ends when this is done.
   * Does not reject.
   */
  close(outcome: StreamEnd['outcome']): Promise<void>
}

export interface StreamOptions {
  /**
   * Sent at once, before the source has said anything, and together with the headers: those go out alone without it,
   * before a large piece word by word in a dozen packets.
   */
  opening?: string | Uint8Array | null
  /** Sent whenever nothing was for so long, to a client that has taken all there was. */
  heartbeat?: { text: string; seconds: number }
  /** A client that takes nothing of what it is given for so long is cut off. */
  stallSeconds?: number
  /**
   * Called at once with what ends the body as if its source were done, after some last words if there are any; what it
   * returns is called at the end.
   */
  whileOpen?: (end: (lastWords?: string) => void) => () => void
}

const encoder = new TextEncoder()

/** For what was offered last to leave, and to be read: a connection that is cut destroys what is still on its way. */
const lastWordsMs = 50

/**
 * A body that is made while the client takes it: nothing is asked of the source before the client has room, so a
 * slow client slows its source and never fills our memory. Its line in the access log is written at its end.
 */
export function streamBody(
  request: Request,
  source: PieceSource,
  { opening = null, heartbeat, stallSeconds = 120, whileOpen }: StreamOptions = {},
): ReadableStream<Uint8Array> {
  const ending = Promise.withResolvers<StreamEnd>()
  let unsent = opening
  let bytes = 0
  let closing: Promise<void> | null = null
  /** The client has room, and the source is being asked. */
  let isAsked = false
  let lastSentAt = performance.now()
  let timer: Timer | undefined
  let unwatch: (() => void) | undefined

  announceStreamEnd(request, ending.promise)
  const leave = () => void close('client_left')
  // `cancel` is not called for a client that was gone before the body was begun.
  request.signal.addEventListener('abort', leave, { once: true })
  if (request.signal.aborted) leave()

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (closing !== null) return
        if (unsent !== null) send(unsent, controller)
        unsent = null
        unwatch = whileOpen?.((lastWords) => void end(controller, lastWords))
        lookAgain(controller)
      },
      pull,
      cancel: () => close('client_left'),
    },
    { highWaterMark: 0 },
  )

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    isAsked = true
    try {
      const piece = await source.next()
      if (closing !== null) return
      if (piece === null) await end(controller)
      else send(piece, controller)
    } catch {
      await close('failed')
      await sleep(lastWordsMs)
      cut(controller)
    } finally {
      isAsked = false
    }
  }

  function send(piece: string | Uint8Array, controller: ReadableStreamDefaultController<Uint8Array>): void {
    const chunk = typeof piece === 'string' ? encoder.encode(piece) : piece
    bytes += chunk.byteLength
    lastSentAt = performance.now()
    controller.enqueue(chunk)
  }

  async function end(
    controller: ReadableStreamDefaultController<Uint8Array>,
    lastWords?: string,
  ): Promise<void> {
    if (closing === null && lastWords !== undefined) send(lastWords, controller)
    await close('complete')
    finish(controller)
  }

  /** The first call decides how the body has ended; every call waits until the source knows. */
  function close(outcome: StreamEnd['outcome']): Promise<void> {
    closing ??= settle(outcome)
    return closing
  }

  async function settle(outcome: StreamEnd['outcome']): Promise<void> {
    clearTimeout(timer)
    unwatch?.()
    request.signal.removeEventListener('abort', leave)
    await source.close(outcome)
    ending.resolve({ outcome, bytes })
  }

  /** One timer looks after all pieces: setting one for each would cost more than sending them. */
  function lookAfter(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const quietSeconds = (performance.now() - lastSentAt) / 1000
    // A heartbeat is sent without being asked for, so whether it was taken is seen by what is left in the queue.
    const hasTakenAll = isAsked && controller.desiredSize === 0
    if (!hasTakenAll && quietSeconds >= stallSeconds) {
      void close('client_left').finally(() => cut(controller))
      return
    }
    if (hasTakenAll && heartbeat !== undefined && quietSeconds >= heartbeat.seconds) {
      send(heartbeat.text, controller)
    }
    lookAgain(controller)
  }

  function lookAgain(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const everyMs = Math.min(heartbeat?.seconds ?? stallSeconds, stallSeconds) * 1000
    const dueMs = lastSentAt + everyMs - performance.now()
    timer = setTimeout(lookAfter, dueMs > 0 ? dueMs : everyMs, controller)
  }
}

function finish(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close()
  } catch {
    // The client left while the end was being written down.
  }
}

/** An unfinished body tells the client that something is missing. Without a reason: Bun prints those to stderr. */
function cut(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.error()
  } catch {
    // The client left before us.
  }
}
