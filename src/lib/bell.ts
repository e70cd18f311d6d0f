/** Rung by those who leave work, heard by the one who does it. */
export interface Bell {
  ring(): void
  /** Resolves when the bell rings, at once if it has rung since the last wait, or after `maxMs`. */
  wait(maxMs: number): Promise<void>
}

/** For one listener. */
export function createBell(): Bell {
  let hasRung = false
  let wake: (() => void) | null = null

  function ring(): void {
    hasRung = true
    wake?.()
  }

  async function wait(maxMs: number): Promise<void> {
    if (!hasRung) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, maxMs)
      wake = resolve
      await promise
      clearTimeout(timer)
      wake = null
    }
    hasRung = false
  }

  return { ring, wait }
}
