import type { Llm, LlmEvent, ModelRef, Prompt, StreamOptions } from '../../llm/llm.ts'
import { textLines } from './text-lines.ts'
import { maxHistoryBytes } from './trim.ts'

/** A model's answer that has begun, or has ended without a word. */
export interface Answer {
  /** The next lines for the visitor; null at the end. Rejects when the model failed. */
  next(): Promise<string | null>
  /** What `next` has handed out so far. A reply too long to be remembered is not kept in full. */
  text(): string
  /** Stops the model. */
  stop(): void
}

export interface AnswerOptions extends Omit<StreamOptions, 'model'> {
  /** Called with all that the model says, words or not. */
  onEvents?(events: LlmEvent[]): void
}

/**
 * Asks the model and waits for its first words, so that a failure before them can still become a status.
 * Throws what the model throws. When the visitor leaves (the signal), the model is stopped and the answer ends.
 */
export async function startAnswer(
  llm: Llm,
  prompt: Prompt,
  model: ModelRef,
  { signal, fallbacks = [], onFallback, onEvents }: AnswerOptions,
): Promise<Answer> {
  const stopper = new AbortController()
  const stop = () => stopper.abort()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const options = { model, fallbacks, signal: stopper.signal, ...(onFallback && { onFallback }) }
  const batches = llm.stream(prompt, options)[Symbol.asyncIterator]()
  let text = ''
  let additions = 0
  let first = await nextBatch()

  return {
    async next() {
      const batch = first ?? (await nextBatch())
      first = null
      return batch === null ? null : linesOf(batch)
    },
    text: () => text,
    stop,
  }

  /** The next batch with words in it. */
  async function nextBatch(): Promise<LlmEvent[] | null> {
    for (;;) {
      const { value, done } = await batches.next()
      if (done) return null
      onEvents?.(value)
      if (value.some(hasText)) return value
    }
  }

  function linesOf(batch: LlmEvent[]): string {
    const texts = batch.filter(hasText).map((event) => event.text)
    add(texts.join(''))
    return textLines(texts)
  }

  function add(words: string): void {
    if (text.length > maxHistoryBytes) return
    text += words
    if (++additions % 16 === 0) joinPieces(text)
  }
}

/** A text that was added to is kept in its pieces, at several times its size, until somebody looks into it. */
function joinPieces(text: string): void {
  Buffer.byteLength(text)
}

function hasText(event: LlmEvent): event is { type: 'delta'; text: string } {
  return event.type === 'delta' && event.text !== ''
}
