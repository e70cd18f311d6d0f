import { AsyncLocalStorage } from 'node:async_hooks'
import { AppError } from '../errors.ts'

/** How the work that is going on now answers to time; `withoutDeadline` lifts it. */
const lifted = new AsyncLocalStorage<true>()

/**
 * Settles as `answer` does, or rejects with `dependency_down` when `seconds` are over; then `onLate` is called
 * and what becomes of `answer` is nobody's concern any more.
 */
export function withDeadline<T>(answer: Promise<T>, seconds: number, onLate?: () => void): Promise<T> {
  if (lifted.getStore()) return answer
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new AppError('dependency_down', 'The database did not answer in time'))
      onLate?.()
    }, seconds * 1000)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** For work that may take as long as it takes: migrations. */
export function withoutDeadline<T>(work: () => Promise<T>): Promise<T> {
  return lifted.run(true, work)
}
