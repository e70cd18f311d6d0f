import type { ProblemData, TurnEvent } from '../modules/chat/events.ts'
import type { Device } from './device.ts'
import type { WireEvent } from './event-parser.ts'
import { readStream } from './read-stream.ts'

/** A turn that runs already, or what makes one begin; that may be asked more than once. */
export type TurnSource = { turnId: string } | { ask: { path: string; init: RequestInit } }

export interface TurnPlan {
  /** Each event once and in order; a `snapshot` replaces all that was said before. */
  onEvents(events: TurnEvent[]): void
  onConnection?(isOpen: boolean): void
  signal: AbortSignal
}

export type TurnEnd =
  | { type: 'done'; finishReason: string }
  | { type: 'failed'; problem: ProblemData }
  /** Before the turn began, or because it is not, or no longer, ours to read: 401 and 404. */
  | { type: 'refused'; status: number; body: string }
  | { type: 'left' }

/** Follows a turn to its end, however often the connection is lost on the way. */
export async function followTurn(source: TurnSource, plan: TurnPlan, device: Device): Promise<TurnEnd> {
  let turnId = 'turnId' in source ? source.turnId : null
  let lastId = 0
  let end: TurnEnd | null = null

  const streamEnd = await readStream(
    {
      request() {
        if (turnId === null && 'ask' in source) return source.ask
        const headers: Record<string, string> = lastId === 0 ? {} : { 'last-event-id': String(lastId) }
        return { path: `api/v1/turns/${turnId}/events`, init: { headers } }
      },
      onEvents(wireEvents) {
        const events = wireEvents.filter(isNew).map(toTurnEvent)
        if (events.length > 0) plan.onEvents(events)
        return end !== null
      },
      isFinal: (status) => (turnId === null ? isRefusal(status) : status === 401 || status === 404),
      onConnection: (isOpen) => plan.onConnection?.(isOpen),
      signal: plan.signal,
    },
    device,
  )
  return streamEnd.type === 'over' ? (end ?? { type: 'left' }) : streamEnd

  /** A snapshot may have a lower number than what we have: the log has lost its end with the instance that held it. */
  function isNew({ id, type }: WireEvent): boolean {
    if (type !== 'snapshot' && Number(id) <= lastId) return false
    lastId = Number(id)
    return true
  }

  function toTurnEvent({ type, data }: WireEvent): TurnEvent {
    const event = { type, data: JSON.parse(data) } as TurnEvent
    if (event.type === 'start') turnId = event.data.turn_id
    else if (event.type === 'done') end = { type: 'done', finishReason: event.data.finish_reason }
    else if (event.type === 'error') end = { type: 'failed', problem: event.data }
    return event
  }
}

/** Not those that a restart, or a proxy in front of one, gives in passing. */
function isRefusal(status: number): boolean {
  return status !== 408 && status < 502
}
