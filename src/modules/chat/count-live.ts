import type { Deps } from '../../deps.ts'
import { deadAfterSeconds } from '../../lib/dead-after.ts'
import { countRunning } from './instance-store.ts'

export interface Live {
  /** Of all instances. */
  instances: number
  turns: number
  /** Of this one alone. */
  turnsHere: number
  /** What outlasts its request on the strength of a log-in: streams, sockets, files on their way. */
  streamsHere: number
  /** Answers to programs with an API key. */
  callsHere: number
}

/** What is under way at this moment. */
export async function countLive(
  deps: Pick<Deps, 'db' | 'instanceId' | 'turns' | 'openStreams' | 'openCalls'>,
): Promise<Live> {
  const { turns, others } = await countRunning(deps.db, deps.instanceId, deadAfterSeconds)
  return {
    instances: others + 1,
    turns,
    turnsHere: [...deps.turns.values()].filter(({ log }) => !log.isEnded).length,
    streamsHere: deps.openStreams.size,
    callsHere: deps.openCalls.size,
  }
}
