import type { AnswerOf } from './ask.ts'
import type { Device } from './device.ts'
import type { WireEvent } from './event-parser.ts'
import { readStream } from './read-stream.ts'

export interface DrawPlan {
  /** What to ask for. */
  request: { path: string; init: RequestInit }
  /** `queued`: waits for the provider; `running`: is being drawn. */
  onStage(stage: 'queued' | 'running'): void
  /** Nobody wants them any more: nothing is kept then. */
  signal: AbortSignal
}

export type DrawEnd =
  | { type: 'drawn'; items: AnswerOf<'POST', 'images'>['items'] }
  /** `body`: a problem. */
  | { type: 'refused'; status: number; body: string }
  /** The connection is, and with it the pictures. */
  | { type: 'lost' }
  | { type: 'left' }

/** Has pictures drawn. Only asked once: a second time they would be drawn, and counted, twice. */
export async function drawPictures(plan: DrawPlan, device: Device): Promise<DrawEnd> {
  const connection = new AbortController()
  let isAsked = false
  let end: DrawEnd | null = null

  const streamEnd = await readStream(
    {
      request() {
        if (isAsked) connection.abort()
        isAsked = true
        return plan.request
      },
      onEvents(events) {
        for (const event of events) {
          if (event.type === 'queued' || event.type === 'running') plan.onStage(event.type)
          else end = endOf(event)
        }
        return end !== null
      },
      isFinal: () => true,
      onConnection(isOpen) {
        if (!isOpen) connection.abort()
      },
      signal: AbortSignal.any([plan.signal, connection.signal]),
    },
    device,
  )
  if (plan.signal.aborted) return { type: 'left' }
  if (streamEnd.type === 'refused') return streamEnd
  return end ?? { type: 'lost' }
}

function endOf({ type, data }: WireEvent): DrawEnd {
  const said = JSON.parse(data)
  return type === 'done'
    ? { type: 'drawn', items: said.items }
    : { type: 'refused', status: said.status, body: data }
}
