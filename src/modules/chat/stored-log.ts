import type { TurnState } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { problemOf } from '../../lib/problem.ts'
import { findTurnEnd, type TurnEnd } from './end-store.ts'
import { interruption } from './interruption.ts'
import { readMirroredLog } from './mirrored-log.ts'
import { createTurnLog, type TurnLog } from './turn-log.ts'

/**
 * The log of a turn that has ended: whole while the shared store has it, then what the database keeps of it. null: it
 * ended this very moment, and its last words are still on their way to the shared store.
 */
export async function storedLog(
  deps: Pick<Deps, 'db' | 'kv'>,
  turnId: string,
  state: TurnState,
): Promise<TurnLog | null> {
  const log = createTurnLog()
  const entries = await readMirroredLog(deps, turnId, 0)
  for (const entry of entries ?? []) log.add(entry)
  if (log.isEnded) return log
  // Nobody goes on with what the dead have left there.
  if (entries !== null && state !== 'interrupted') return null
  return logOfEnd(await findTurnEnd(deps.db, turnId))
}

/** What the database keeps: the text, and how it ended. */
export function logOfEnd(end: TurnEnd | null): TurnLog {
  if (end === null) return logOf({ seq: 0, text: '', reasoning: '' }, null, interruption())
  const base = { seq: (end.lastSeq ?? 2) - 2, text: end.content, reasoning: end.reasoning ?? '' }
  return logOf(base, end, end.errorCode === null ? null : errorOf(end.errorCode))
}

function logOf(
  base: { seq: number; text: string; reasoning: string },
  end: TurnEnd | null,
  error: AppError | null,
) {
  const log = createTurnLog(base)
  const promptTokens = end?.promptTokens ?? 0
  const completionTokens = end?.completionTokens ?? 0
  const costMicros = end?.costMicros ?? null
  log.append({
    type: 'usage',
    data: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      estimated: end?.isEstimated ?? true,
      cost: costMicros === null ? null : costMicros / 1_000_000,
    },
  })
  if (error !== null) log.append({ type: 'error', data: problemOf(error) })
  else log.append({ type: 'done', data: { finish_reason: end?.finishReason ?? 'stop' } })
  return log
}

/** The words of the moment are gone; these are true of any failure with this code. */
function errorOf(code: string): AppError {
  if (code === 'interrupted') return interruption()
  return new AppError(code as ErrorCode, 'The answer failed')
}
