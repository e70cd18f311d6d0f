/** What the readers of streams need of the device that they run on. */
export interface Device {
  /** Paths are relative to where the service is. */
  fetch(path: string, init: RequestInit): Promise<Response>
  /**
   * Calls when it may be worth to try again at once: `network`, what was open is most likely dead; `shown`, it may
   * have slept. Returns the way to take that back.
   */
  onWake(listener: (why: Wake) => void): () => void
  /** From 0 to below 1. */
  random(): number
}

export type Wake = 'network' | 'shown'

/**
 * Before the next try: longer each time, and not the same for everybody, or all the pages that a server has lost
 * would come back in the same moment.
 */
export function retryDelayMs(failures: number, { random }: Device): number {
  const longest = Math.min(15_000, 1000 * 2 ** Math.min(failures, 4))
  return 1000 + random() * (longest - 1000)
}

/** Resolves after so long, when the device wakes up, or when nobody waits any more. */
export function pause(ms: number, signal: AbortSignal, { onWake }: Device): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    const stopListening = onWake(end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()

    function end() {
      clearTimeout(timer)
      stopListening()
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}
