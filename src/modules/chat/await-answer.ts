import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { ProblemData } from './events.ts'
import { waitForTurn } from './wait-for-turn.ts'

/**
 * Resolves when a turn has come to its end, also one that somebody has stopped. Throws the error of one that has
 * failed, with its `turn_id`, and as `waitForTurn`.
 */
export async function awaitAnswer(
  deps: Deps,
  userId: number,
  turnId: string,
  signal?: AbortSignal,
): Promise<void> {
  const { type, data } = await waitForTurn(deps, userId, turnId, signal)
  if (type !== 'error') return
  const { code, detail, retry_after: retryAfterSeconds } = JSON.parse(data) as ProblemData
  throw new AppError(code as AppError['code'], detail, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    extra: { turn_id: turnId },
  })
}
