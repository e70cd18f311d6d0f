import { AppError } from '../../errors.ts'

/** For what has to wait until an answer is complete. */
export function turnRunning(turnId: string | null): AppError {
  const extra: { extra?: Record<string, string> } = turnId === null ? {} : { extra: { turn_id: turnId } }
  return new AppError('turn_running', 'This answer is still being made', extra)
}
