import type { Deps } from '../../deps.ts'
import { type SummaryWish, summarise } from './summarise.ts'

/**
 * True: there is a new summary. Waits for it as long as an answer may wait, and not when the signal or the end of the
 * process comes; making it goes on.
 */
export async function awaitSummary(deps: Deps, wish: SummaryWish, signal: AbortSignal): Promise<boolean> {
  const { summaryTimeoutSeconds } = deps.config.turns
  if (summaryTimeoutSeconds === null || signal.aborted) return false
  const { promise: isOver, resolve } = Promise.withResolvers<null>()
  const stop = () => resolve(null)
  const timer = setTimeout(stop, summaryTimeoutSeconds * 1000)
  const forget = deps.lifecycle.onDraining(stop)
  signal.addEventListener('abort', stop, { once: true })
  const end = await Promise.race([summarise(deps, wish), isOver])
  clearTimeout(timer)
  forget()
  signal.removeEventListener('abort', stop)
  return end !== null && (end.state === 'made' || end.state === 'elsewhere')
}
