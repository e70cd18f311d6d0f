import type { Config } from '../config.ts'
import { faultOfThrown } from './failures.ts'
import { ProviderFailure } from './fault.ts'
import { createIdleReader } from './idle-reader.ts'
import type { LlmEvent } from './llm.ts'
import { createDecoder } from './stream.ts'

/** An answer that is being read. */
export interface Answer {
  /** What arrived next, never empty; null at the end and after the signal. Throws ProviderFailure. */
  next(): Promise<LlmEvent[] | null>
  /** To be called once nothing more is wanted. */
  close(): void
}

/** After its finish reason an answer only lacks its usage: not worth a long wait. */
const patienceAfterFinishSeconds = 5

/** Reads the body of an OpenAI-compatible answer. */
export function readAnswer(
  body: ReadableStream<Uint8Array>,
  { timeoutSeconds, idleTimeoutSeconds }: Pick<Config['llm'], 'timeoutSeconds' | 'idleTimeoutSeconds'>,
  signal: AbortSignal,
): Answer {
  // Many providers send their headers long before the model has its first word.
  const reader = createIdleReader(body, { silenceSeconds: timeoutSeconds, signal })
  const decoder = createDecoder()
  const { state } = decoder
  let isOver = false

  return {
    async next() {
      for (;;) {
        if (signal.aborted) return null
        // What precedes a failure has been handed out.
        if (state.failure) throw new ProviderFailure(state.failure)
        if (isOver) return null
        const bytes = state.done ? null : await read()
        if (signal.aborted) return null
        isOver = bytes === null
        const events = bytes === null ? decoder.end() : decoder.push(bytes)
        if (state.finishReason !== null)
          reader.allowSilence(Math.min(patienceAfterFinishSeconds, idleTimeoutSeconds))
        else if (events.length > 0) reader.allowSilence(idleTimeoutSeconds)
        if (events.length > 0) return events
      }
    },
    close: () => reader.close(state.done && !signal.aborted ? 'drain' : 'cancel'),
  }

  async function read(): Promise<Uint8Array | null> {
    try {
      return await reader.read()
    } catch (error) {
      if (signal.aborted || state.finishReason !== null) return null
      throw new ProviderFailure(faultOfThrown(error))
    }
  }
}
