import type { EventReader, StreamEvent } from './event-reader.ts'
import { streamBody } from './stream-body.ts'

export interface SseOptions {
  /** For the end of what the stream lives on: see `StreamOptions`. */
  whileOpen?: (end: () => void) => () => void
  heartbeatSeconds?: number
  stallSeconds?: number
}

/**
 * Server-sent events, each as soon as the reader has it and the client has room. Whoever was cut off comes back after
 * a second, with the number of the last event that he has.
 */
export function sse(
  request: Request,
  reader: EventReader,
  { heartbeatSeconds = 8, ...options }: SseOptions = {},
): Response {
  const body = streamBody(
    request,
    {
      async next() {
        const events = await reader.next()
        return events === null ? null : events.map(sseEvent).join('')
      },
      close: async () => reader.close(),
    },
    { ...options, opening: 'retry: 1000\n\n', heartbeat: { text: ':\n\n', seconds: heartbeatSeconds } },
  )
  return new Response(body, { headers: streamHeaders })
}

/** Made for each reader anew: keeping it for the next would cost more memory than it saves of 0.2 µs. */
function sseEvent({ seq, type, data }: StreamEvent): string {
  const id = seq === undefined ? '' : `id: ${seq}\n`
  return `${id}event: ${type}\ndata: ${data}\n\n`
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx buffers whole answers without it, and with gzip even those that it was told not to buffer.
  'x-accel-buffering': 'no',
}
