import type { UserEvent } from '../modules/chat/events.ts'
import type { Device } from './device.ts'
import { readStream } from './read-stream.ts'

export interface UserPlan {
  /** Follows from now on. What happened before, or since the connection was lost, must be read anew. */
  onOpen(): void
  /** It is not open, and will be asked for again. */
  onCut(): void
  onEvent(event: UserEvent): void
  signal: AbortSignal
}

/** Hears what other windows and devices do, until the session has ended (`logged_out`) or `signal` says so. */
export async function followUser(plan: UserPlan, device: Device): Promise<'logged_out' | 'left'> {
  const end = await readStream(
    {
      request: () => ({ path: 'api/v1/events' }),
      onEvents(events) {
        for (const { type, data } of events) plan.onEvent({ type, data: JSON.parse(data) } as UserEvent)
        return false
      },
      isFinal: (status) => status === 401,
      onConnection(isOpen) {
        if (isOpen) plan.onOpen()
        else plan.onCut()
      },
      signal: plan.signal,
    },
    device,
  )
  return end.type === 'refused' ? 'logged_out' : 'left'
}
