import { AppError } from '../../errors.ts'

/** How a turn ends that nobody could bring to its end. */
export function interruption(): AppError {
  return new AppError('interrupted', 'The answer was interrupted; it can be continued')
}
