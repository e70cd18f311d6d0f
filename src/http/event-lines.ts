import type { EventReader, StreamEvent } from './event-reader.ts'
import { ndjson } from './ndjson.ts'
import type { SseOptions } from './sse.ts'

/**
 * The same events as JSON lines: `{"id":1,"event":"delta","data":{…}}`. When it is quiet a space is sent, which comes
 * before the next line: there every JSON parser skips it.
 */
export function eventLines(
  request: Request,
  reader: EventReader,
  { heartbeatSeconds = 8, ...options }: SseOptions = {},
): Response {
  return ndjson(
    request,
    {
      async next() {
        const events = await reader.next()
        return events === null ? null : events.map(eventLine).join('')
      },
      close: async () => reader.close(),
    },
    { ...options, heartbeat: { text: ' ', seconds: heartbeatSeconds } },
  )
}

function eventLine({ seq, type, data }: StreamEvent): string {
  const id = seq === undefined ? '' : `"id":${seq},`
  return `{${id}"event":"${type}","data":${data}}\n`
}
