import type { EventOf, turnEvents, userEvents } from './event-schema.ts'

/** What a turn tells, in this order: `start`, then what it says, then `usage`, and last `done` or `error`. */
export type TurnEvent = EventOf<typeof turnEvents>

export type StartData = (typeof turnEvents)['start']['static']
export type UsageData = (typeof turnEvents)['usage']['static']

/** The problem object that a refused request would have had. */
export interface ProblemData {
  type: string
  title: string
  status: number
  detail: string
  code: string
  /** In seconds, where the provider has told when it is worth trying again. */
  retry_after?: number
}

/** One event of a turn's log: numbered from 1 without gaps, its data as JSON text, the same for every reader. */
export interface LogEntry {
  seq: number
  type: TurnEvent['type']
  data: string
}

/** What happens to a person's conversations, for his other windows and devices. */
export type UserEvent = EventOf<typeof userEvents>
