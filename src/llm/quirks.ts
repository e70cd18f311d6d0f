import type { OpenAI } from 'openai'
import type { Prompt } from './llm.ts'

/** What some servers and models refuse in a question, although others need it. */
export type Quirk = 'no-stream-options' | 'max-completion-tokens' | 'no-temperature' | 'no-top-p'

export type Question = OpenAI.ChatCompletionCreateParamsStreaming

/** What has been learned about the models of one provider, so that each refusal is met once. */
export interface Quirks {
  of(model: string): Set<Quirk>
  /** The model answered a question that was put like this; `isForUsage`: one that asks, or would ask, for usage. */
  remember(model: string, applied: ReadonlySet<Quirk>, isForUsage?: boolean): void
  /** What a refusal seems to be about, or null when asking again otherwise would not help. */
  readFrom(refusal: string, question: Question): Quirk | null
  /** Another server may be behind the same names. */
  forget(): void
}

/** Without `stream_options` answers are only estimated: every now and then they are tried again. */
const refusedForMs = 3_600_000

export function createQuirks(now: () => number = () => performance.now()): Quirks {
  const ofModels = new Map<string, Quirk[]>()
  const streamOptions = new Map<string, { areTaken: boolean; at: number }>()

  return {
    of: (model) =>
      new Set([
        ...(ofModels.get(model) ?? []),
        ...(knownOf(model)?.areTaken === false ? (['no-stream-options'] as const) : []),
      ]),
    remember(model, applied, isForUsage = true) {
      const areTaken = !applied.has('no-stream-options')
      if (isForUsage && knownOf(model)?.areTaken !== areTaken)
        streamOptions.set(model, { areTaken, at: now() })
      const rest = [...applied].filter((quirk) => quirk !== 'no-stream-options')
      if (rest.length > 0) ofModels.set(model, rest)
    },
    readFrom(refusal, question) {
      const named = quirkNamedIn(refusal, question)
      if (named) return named
      // Not every server says what it did not like. One that has taken it before has another reason.
      return question.stream_options && knownOf(question.model) === null ? 'no-stream-options' : null
    },
    forget() {
      ofModels.clear()
      streamOptions.clear()
    },
  }

  /** null: it is to be tried. */
  function knownOf(model: string) {
    const known = streamOptions.get(model)
    if (known === undefined) return null
    return known.areTaken || now() - known.at < refusedForMs ? known : null
  }
}

function quirkNamedIn(refusal: string, question: Question): Quirk | null {
  const text = refusal.toLowerCase()
  if (question.stream_options && /stream_options|include_usage/.test(text)) return 'no-stream-options'
  if (question.max_tokens !== undefined && text.includes('max_completion_tokens'))
    return 'max-completion-tokens'
  if (
    !/unsupported|not support|not permitted|not allowed|deprecated|only the default|cannot both/.test(text)
  ) {
    return null
  }
  if (question.top_p !== undefined && text.includes('top_p')) return 'no-top-p'
  if (question.temperature !== undefined && text.includes('temperature')) return 'no-temperature'
  return null
}

/** The question in OpenAI's words, without what these quirks forbid. */
export function questionOf(prompt: Prompt, model: string, quirks: ReadonlySet<Quirk>): Question {
  const { messages, temperature, topP, maxTokens } = prompt
  const question: Question = { model, messages, stream: true }
  if (!quirks.has('no-stream-options')) question.stream_options = { include_usage: true }
  if (temperature !== undefined && !quirks.has('no-temperature')) question.temperature = temperature
  if (topP !== undefined && !quirks.has('no-top-p')) question.top_p = topP
  if (maxTokens !== undefined) {
    question[quirks.has('max-completion-tokens') ? 'max_completion_tokens' : 'max_tokens'] = maxTokens
  }
  return question
}
