import type { Deps } from '../../deps.ts'

/** For the ends to be written down. */
const lastWordsMs = 5000

/** Lets running turns finish until `deadlineMs` (by `performance.now`); the rest ends as `interrupted`, with its text. */
export async function drainTurns(
  { turns, log }: Pick<Deps, 'turns' | 'log'>,
  deadlineMs: number,
): Promise<void> {
  const running = () => [...turns.values()].filter((turn) => !turn.log.isEnded)
  while (running().length > 0 && performance.now() < deadlineMs) await Bun.sleep(20)
  const rest = running()
  if (rest.length === 0) return
  log.warn({ turns: rest.length }, 'interrupting what is still running')
  for (const turn of rest) turn.stop('interrupted')
  await Promise.race([Promise.all(rest.map(({ ended }) => ended)), Bun.sleep(lastWordsMs)])
}
