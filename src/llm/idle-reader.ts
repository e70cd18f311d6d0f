import { ProviderFailure, timeoutFault } from './fault.ts'

export interface IdleReader {
  /** The next bytes; null at the end, and after the signal. Rejects after too long a silence or a cut. */
  read(): Promise<Uint8Array | null>
  /** From now on a silence may last so long. */
  allowSilence(seconds: number): void
  /** Lets go of the connection: at once, or after the few bytes that end it, so that it can be used again. */
  close(how: 'cancel' | 'drain'): void
}

/** How long the end of a stream is waited for when nothing in it is wanted any more. */
const drainMilliseconds = 1000

/**
 * Reads a body with a limit on silence (the SDK's timeout ends with the headers) and closes the connection when
 * the signal says so. The body is cancelled, never aborted: on some versions of Bun aborting a fetch in mid-stream
 * leaks its memory.
 */
export function createIdleReader(
  body: ReadableStream<Uint8Array>,
  { silenceSeconds, signal }: { silenceSeconds: number; signal: AbortSignal },
): IdleReader {
  const reader = body.getReader()
  let limit = silenceSeconds * 1000
  let waitingSince: number | null = null
  let timedOut = false
  let timer = setTimeout(checkSilence, limit)
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()

  return {
    async read() {
      waitingSince = performance.now()
      const { value, done } = await reader.read()
      waitingSince = null
      if (timedOut) throw new ProviderFailure(timeoutFault('silence in the stream'))
      return done ? null : value
    },
    allowSilence(seconds) {
      if (seconds * 1000 === limit) return
      limit = seconds * 1000
      clearTimeout(timer)
      timer = setTimeout(checkSilence, limit)
    },
    close(how) {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      if (how === 'cancel') cancel()
      else void drain()
    },
  }

  /** One timer looks after all reads: setting one for each would cost more than the reads. */
  function checkSilence(): void {
    const waited = waitingSince === null ? 0 : performance.now() - waitingSince
    if (waited >= limit) {
      timedOut = true
      cancel()
    } else timer = setTimeout(checkSilence, limit - waited)
  }

  function cancel(): void {
    // A connection that is gone already cannot be cancelled, and need not be.
    reader.cancel().catch(() => {})
  }

  async function drain(): Promise<void> {
    const end = setTimeout(cancel, drainMilliseconds)
    try {
      while (!(await reader.read()).done);
    } catch {
      // Cut: as good as ended.
    }
    clearTimeout(end)
  }
}
