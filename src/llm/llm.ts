import type { ModelLimits } from './model-limits.ts'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface Prompt {
  messages: ChatMessage[]
  temperature?: number
  topP?: number
  maxTokens?: number
}

/**
 * A model is always named together with the provider that serves it. An empty `model` is the provider's own: the
 * first that it lists, known only after it was asked once.
 */
export interface ModelRef {
  provider: string
  model: string
}

/** A model that may be asked, and what it takes. */
export interface ConfiguredModel extends ModelLimits {
  /** An empty `model`: the first that the provider lists. It stays empty when that is known, as it may change. */
  ref: ModelRef
  /** What people may call it: the model's name, or the provider's as long as that is unknown. */
  name: string
}

export interface TokenUsage {
  promptTokens: number
  completionTokens: number
  totalTokens: number
}

/** Why the model stopped: OpenAI's words (`stop`, `length`, `content_filter`, `tool_calls`), or the provider's own. */
export type FinishReason = string

export type LlmEvent =
  | { type: 'delta'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'usage'; usage: TokenUsage }
  | { type: 'finish'; reason: FinishReason }

export interface Llm {
  /**
   * Asks a model and yields what arrives, in batches: one batch is what one read of the network brought,
   * never empty. (One event at a time costs three times the CPU.) A whole answer ends with exactly one `finish`, then
   * at most one `usage`, none where the provider sent no believable numbers.
   *
   * Throws `provider_unavailable`, `provider_rejected`, `provider_timeout`, `rate_limited`; a stream that ends
   * with neither a finish reason nor `[DONE]` throws `provider_unavailable`. Leaving the loop, or the signal,
   * stops the provider at once; after the signal the loop simply ends.
   */
  stream(prompt: Prompt, options: { model: ModelRef; signal: AbortSignal }): AsyncIterable<LlmEvent[]>

  /** The model that answers where nobody named one. */
  readonly defaultModel: ModelRef

  /** The default model of a provider (`deepseek`, `qwen`, `openai` …), or null when it is not configured. */
  modelOf(provider: string): ModelRef | null

  /** Every model that may be chosen, the default first. Asks no provider. */
  models(): ConfiguredModel[]
}
