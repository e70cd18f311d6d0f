import { Refusal } from './api.ts'
import { type Device, pause, retryDelayMs } from './device.ts'

/**
 * Asks until there is an answer, or a refusal that will not pass. For what does no harm when it is done twice. Rejects
 * with that refusal, or when `signal` says that nobody waits any more.
 */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  { signal, onConnection }: { signal: AbortSignal; onConnection: (isOpen: boolean) => void },
  device: Device,
): Promise<Answer> {
  for (let failures = 1; ; failures++) {
    try {
      const answer = await ask()
      signal.throwIfAborted()
      onConnection(true)
      return answer
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Refusal) || !error.isPassing) throw error
    }
    onConnection(false)
    await pause(retryDelayMs(failures, device), signal, device)
    signal.throwIfAborted()
  }
}
