import type { Deps } from '../../deps.ts'
import type { LiveTurn } from './live-turn.ts'

/** Turns that have ended a moment ago, oldest first, for readers who come back or come late. */
export interface EndedTurns {
  line: { turn: LiveTurn; size: number; until: number }[]
  /** Bytes in all, about. */
  size: number
}

const keepMs = 60_000
const maxSize = 8 * 1024 * 1024
/** Of a turn without its log. */
const turnOverhead = 4000

/** Keeps the log of a turn for a minute longer, as far as there is room. */
export function keepEndedTurn(deps: Pick<Deps, 'turns' | 'endedTurns'>, turn: LiveTurn): void {
  const size = turn.log.size + turnOverhead
  // There is nothing left to stop, and what it would be stopped with takes as much memory as all else.
  turn.stop = () => {}
  deps.endedTurns.line.push({ turn, size, until: performance.now() + keepMs })
  deps.endedTurns.size += size
  dropEndedTurns(deps)
}

/** Lets those go whose time is over. */
export function dropEndedTurns({ turns, endedTurns }: Pick<Deps, 'turns' | 'endedTurns'>): void {
  const { line } = endedTurns
  for (let first = line[0]; first !== undefined; first = line[0]) {
    if (first.until > performance.now() && endedTurns.size <= maxSize) return
    line.shift()
    endedTurns.size -= first.size
    turns.delete(first.turn.id)
  }
}
