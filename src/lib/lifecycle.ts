import { AppError } from '../errors.ts'

/** Where this process is in its life, for whoever must act differently near its end. */
export interface Lifecycle {
  readonly startedAt: Date
  /** Told to stop: what is running may finish, nothing long may begin. */
  isDraining: boolean
  /** Calls `listener` once when that happens, at once if it has, until the returned function is called. */
  onDraining(listener: () => void): () => void
  /** Requests that still have something to do, be it to write down an answer whose visitor is gone. */
  unfinished: number
}

export function createLifecycle(now: Date): Lifecycle {
  const listeners = new Set<() => void>()
  let isDraining = false

  function onDraining(listener: () => void): () => void {
    if (isDraining) listener()
    else listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    startedAt: now,
    get isDraining() {
      return isDraining
    },
    set isDraining(is) {
      isDraining = is
      if (!is) return
      const told = [...listeners]
      listeners.clear()
      for (const listener of told) listener()
    },
    onDraining,
    unfinished: 0,
  }
}

/** For whatever begins long work (a chat). Throws `shutting_down` once the process has been told to stop. */
export function assertNotDraining(lifecycle: Lifecycle): void {
  if (!lifecycle.isDraining) return
  throw new AppError('shutting_down', 'The service is restarting', { retryAfterSeconds: 5 })
}
