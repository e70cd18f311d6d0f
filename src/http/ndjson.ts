import { type PieceSource, type StreamOptions, streamBody } from './stream-body.ts'

/** Where the lines of a body come from, each with its line feed. */
export type LineSource = PieceSource

interface NdjsonOptions extends StreamOptions {
  headers?: Record<string, string>
}

/** JSON lines, each sent when it is made. No proxy holds them back. */
export function ndjson(
  request: Request,
  source: LineSource,
  { headers = {}, ...options }: NdjsonOptions = {},
): Response {
  return new Response(streamBody(request, source, options), { headers: { ...streamHeaders, ...headers } })
}

const streamHeaders = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store, no-transform',
  // nginx buffers whole answers without it, and with gzip even those that it was told not to buffer.
  'x-accel-buffering': 'no',
}
