import { setTimeout as sleep } from 'node:timers/promises'
import { announceStreamEnd, type StreamEnd } from './stream-end.ts'

/** Where the lines of a body come from. */
export interface LineSource {
  /** The next lines, each with its line feed; null: that was all. Rejecting cuts the connection. */
  next(): Promise<string | null>
  /**
   * Called once, however the body ends, while `next` may still be waiting. The body ends when this is done.
   * Does not reject.
   */
  close(outcome: StreamEnd['outcome']): Promise<void>
}

interface NdjsonOptions {
  headers?: Record<string, string>
  /** A client that takes nothing for so long is cut off: it holds a model and its own turn. */
  stallSeconds?: number
}

const encoder = new TextEncoder()

/** For what was offered last to leave, and to be read: a connection that is cut destroys what is still on its way. */
const lastWordsMs = 50

/**
 * JSON lines as a body that is made while the client takes it: nothing is asked of the source before the client has
 * room, so a slow client slows its source and never fills our memory. No proxy holds it back.
 */
export function ndjson(
  request: Request,
  source: LineSource,
  { headers = {}, stallSeconds = 120 }: NdjsonOptions = {},
): Response {
  const ending = Promise.withResolvers<StreamEnd>()
  let bytes = 0
  let closing: Promise<void> | null = null
  /** When the client was given lines that it has not taken yet. */
  let offeredAt: number | null = null
  let stallTimer: Timer | undefined

  announceStreamEnd(request, ending.promise)
  const leave = () => void close('client_left')
  // `cancel` is not called for a client that was gone before the body was begun.
  request.signal.addEventListener('abort', leave, { once: true })
  if (request.signal.aborted) leave()

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (closing === null) watchForStall(controller)
      },
      pull,
      cancel: () => close('client_left'),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { ...streamHeaders, ...headers } })

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    offeredAt = null
    try {
      const lines = await source.next()
      if (closing !== null) return
      if (lines !== null) return offer(lines, controller)
      await close('complete')
      finish(controller)
    } catch {
      await close('failed')
      await sleep(lastWordsMs)
      cut(controller)
    }
  }

  function offer(lines: string, controller: ReadableStreamDefaultController<Uint8Array>): void {
    const chunk = encoder.encode(lines)
    bytes += chunk.byteLength
    offeredAt = performance.now()
    controller.enqueue(chunk)
  }

  /** The first call decides how the body has ended; every call waits until the source knows. */
  function close(outcome: StreamEnd['outcome']): Promise<void> {
    closing ??= settle(outcome)
    return closing
  }

  async function settle(outcome: StreamEnd['outcome']): Promise<void> {
    clearTimeout(stallTimer)
    request.signal.removeEventListener('abort', leave)
    await source.close(outcome)
    ending.resolve({ outcome, bytes })
  }

  /** One timer looks after all chunks: setting one for each would cost more than sending them. */
  function watchForStall(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const stalled = offeredAt === null ? 0 : (performance.now() - offeredAt) / 1000
    if (stalled >= stallSeconds) {
      void close('client_left').finally(() => cut(controller))
    } else {
      stallTimer = setTimeout(watchForStall, (stallSeconds - stalled) * 1000, controller)
    }
  }
}

/** One line with one piece of text. */
export function textLine(text: string): string {
  return `{"text": ${JSON.stringify(text)}}\n`
}

const streamHeaders = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store, no-transform',
  // nginx buffers whole answers without it, and with gzip even those that it was told not to buffer.
  'x-accel-buffering': 'no',
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
