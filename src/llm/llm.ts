import type { AppError } from '../errors.ts'
import type { Access } from './access.ts'
import type { Fault } from './fault.ts'
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
  /** `provider/model`, or what the operator calls it; `provider` alone for the first that it lists. */
  id: string
  /** What people may call it: the model's name, or the provider's as long as that is unknown. */
  name: string
  /** What the operator has said about it; null: nothing. */
  offer: ModelOffer | null
}

/** In millionths of the currency, for a million tokens. */
export interface Prices {
  input: number
  /** null: as the others. */
  cachedInput: number | null
  output: number
  /** null: as the rest of the answer. */
  reasoning: number | null
}

/** null: nobody has said. */
export interface Capabilities {
  vision: boolean | null
  reasoning: boolean | null
  tools: boolean | null
}

/** A model as the operator offers it: an entry of its own, or what replaces one of the settings. */
export interface ModelOffer {
  id: string
  provider: string
  /** As the provider calls it. */
  model: string
  /** As people see it. */
  name: string
  isEnabled: boolean
  contextWindow: number | null
  maxOutputTokens: number | null
  /** null: not known, and nobody pays for it. */
  prices: Prices | null
  capabilities: Capabilities
  /** Who may use it; null: everybody. */
  plans: string[] | null
  /** Ids of the models that are asked when this one fails before its first word. */
  fallbacks: string[]
}

/** What was entered while the service runs, beside the settings. */
export interface LlmOffer {
  accesses: Access[]
  /** In the order in which they are to be shown. */
  models: ModelOffer[]
  /** The id of a model, or a provider; null: as the settings say. */
  defaultModel: string | null
}

export interface TokenUsage {
  promptTokens: number
  completionTokens: number
  totalTokens: number
  /** Of the prompt, what the provider had read before; absent: none, or it does not say. */
  cachedTokens?: number
  /** Of the completion, what was thought and not said. */
  reasoningTokens?: number
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
   *
   * As long as there is no word yet, a failure is not the end: the provider's other keys are tried, then the
   * `fallbacks` in their order, where the question itself is not at fault. `onFallback` is told which of them answers.
   */
  stream(prompt: Prompt, options: StreamOptions): AsyncIterable<LlmEvent[]>

  /**
   * Has pictures drawn and brings them, as many as were asked for or fewer, whatever they are: who keeps them looks at
   * their bytes. Another key is tried as for a stream. Throws `provider_unavailable`, `provider_rejected`,
   * `provider_timeout`, `rate_limited`, and the signal's reason.
   */
  drawImages(wish: ImageWish, options: DrawOptions): Promise<Picture[]>

  /** A provider that draws, but not where `relay` could ask it. */
  drawsApart(provider: string): boolean

  /**
   * Asks a provider and hands its bytes on as they come, whatever they are. Keys and fallbacks are tried as for a
   * stream, until the first bytes that are no comment, or until those have come for ten seconds. Throws as `stream`, and `invalid_request` with the provider's words where the
   * question is at fault. null: the signal came first.
   */
  relay(question: RelayQuestion, options: StreamOptions): Promise<RelayedAnswer | null>

  /** The model that answers where nobody named one. */
  readonly defaultModel: ModelRef

  /** The default model of a provider (`deepseek`, `qwen`, `openai` …), or null when it is not configured. */
  modelOf(provider: string): ModelRef | null

  /** Every model that may be chosen, the default first. Asks no provider. */
  models(): ConfiguredModel[]

  /** Replaces what was entered before. Answers that have begun go on. */
  configure(offer: LlmOffer): void

  /** The providers that can be asked, in order of preference. */
  providers(): ProviderState[]

  /**
   * Tries an access, whether it is in use or not; one that works rests no longer. Takes ten seconds at most, and never
   * throws.
   */
  check(access: Access): Promise<AccessCheck>
}

export interface ImageWish {
  prompt: string
  /** `1024x1024`; null: as the model likes. */
  size: string | null
  count: number
}

export interface Picture {
  bytes: Uint8Array
  /** Where the provider has put it, for some hours; null: nowhere. */
  url: string | null
}

/** Where a picture is on its way: in the provider's queue, or being drawn. */
export type ImageProgress = 'queued' | 'running'

export interface DrawOptions {
  model: ModelRef
  signal: AbortSignal
  onProgress?: (progress: ImageProgress) => void
  /** There are pictures, and they are paid: whoever cannot fetch them now should not have others drawn. */
  onDrawn?: () => void
}

/** What is below a provider's address. */
export type RelayPath = '/chat/completions' | '/embeddings' | '/images/generations' | '/responses'

/** A question in OpenAI's words, by whoever put it, to be passed on as it is. */
export interface RelayQuestion {
  path: RelayPath
  /** JSON, for the model as its provider calls it. */
  bodyFor(model: ModelRef, wording: RelayWording): string
  /** The same, with no longer an answer wished for: for a model that writes less. */
  atMost(tokens: number): RelayQuestion
  /** It did not say how long its answer may be: that is added to it. */
  addsLength: boolean
  /** By `estimate`: a stream that is longer, all its answers together, is cut; null: none is. */
  cutTokens: number | null
  /** It is for a stream, and does not ask for its usage: that is asked for, and then taken out of the answer. */
  mayAskForUsage: boolean
  /** So many answers are wanted: each has an end of its own. */
  count: number
  /** About so many tokens is a text: for answers that nobody has counted. */
  estimate(text: string): number
  /** For the demo model, which cannot ask. */
  prompt(): Prompt & { isStream: boolean }
}

/** What is said of a question beside its own words. */
export interface RelayWording {
  /** A stream is to end with its usage. */
  withUsage: boolean
  /** What the length that is added is called; null: it is not. */
  lengthAs: 'max_tokens' | 'max_completion_tokens' | null
}

export interface RelayedAnswer {
  /** Who answers. */
  model: ModelRef
  contentType: string
  /** From asking to the first bytes. */
  waitedMs: number
  /** When its first word came, by `performance.now()`; null: so far there are comments at most. */
  beganAt(): number | null
  /** The next bytes; null at the end, and after the signal. Rejects after too long a silence or a cut. */
  next(): Promise<Uint8Array | null>
  /** About so many tokens of it were handed on by now. Costs next to nothing, however many they are. */
  tokensSoFar(): number
  /** To be called once, when nothing more is wanted. */
  close(): RelayEnd
  /** Tells the log what `next` has thrown, and makes of it what the person may hear. */
  failed(error: unknown): AppError
}

/** What was handed on by then. */
export interface RelayEnd {
  /** As the provider counts; null: it has not, or not yet. */
  usage: TokenUsage | null
  /** As far as it was read by us. */
  deliveredTokens: number
  /** It came to its proper end. */
  isWhole: boolean
  /** That are in it; null: it was not for pictures, or cannot be read. */
  pictures: number | null
}

export interface StreamOptions {
  model: ModelRef
  fallbacks?: readonly ModelRef[]
  onFallback?: (model: ModelRef) => void
  signal: AbortSignal
}

/** `models`: their names; null: they cannot be listed, but asked. */
export type AccessCheck =
  | { ok: true; models: string[] | null }
  | { ok: false; code: Fault['code']; status: number | null; reason: string }

export interface ProviderState {
  name: string
  /** Without their keys. `restSeconds`: 0 where it does not rest. */
  accesses: { id: string; baseUrl: string; restSeconds: number }[]
}
