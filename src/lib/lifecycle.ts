import { AppError } from '../errors.ts'

/** Where this process is in its life, for whoever must act differently near its end. */
export interface Lifecycle {
  readonly startedAt: Date
  /** Told to stop: what is running may finish, nothing long may begin. */
  isDraining: boolean
  /** Requests that still have something to do, be it to write down an answer whose visitor is gone. */
  unfinished: number
}

export function createLifecycle(now: Date): Lifecycle {
  return { startedAt: now, isDraining: false, unfinished: 0 }
}

/** For whatever begins long work (a chat). Throws `shutting_down` once the process has been told to stop. */
export function assertNotDraining(lifecycle: Lifecycle): void {
  if (!lifecycle.isDraining) return
  throw new AppError('shutting_down', 'The service is restarting', { retryAfterSeconds: 5 })
}
