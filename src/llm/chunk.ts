import { type Fault, faultOfErrorObject } from './fault.ts'
import type { LlmEvent, TokenUsage } from './llm.ts'

interface Chunk {
  choices?: (Choice | null)[] | null
  usage?: unknown
  error?: unknown
  object?: unknown
  message?: unknown
}

interface Choice {
  index?: number | null
  delta?: Said | null
  /** Where a server that does not stream puts the whole answer. */
  message?: Said | null
  finish_reason?: unknown
  usage?: unknown
}

interface Said {
  content?: unknown
  reasoning_content?: unknown
  reasoning?: unknown
  refusal?: unknown
}

/** What a chunk said besides text. */
export interface Remark {
  finish: string | null
  usage: TokenUsage | null
  fault: Fault | null
}

/** What is returned where there was nothing besides. */
export const nothing: Remark = { finish: null, usage: null, fault: null }

/** Appends the texts of one parsed `chat.completion.chunk` to `events` and returns the rest. First choice only. */
export function readChunk(value: unknown, events: LlmEvent[]): Remark {
  if (typeof value !== 'object' || value === null) return nothing
  const chunk = value as Chunk
  const error = errorOf(chunk)
  if (error !== null) return { ...nothing, fault: faultOfErrorObject(error) }
  const choice = Array.isArray(chunk.choices) ? firstOf(chunk.choices) : null
  if (choice) readTexts(choice.delta ?? choice.message, events)
  const finish = choice?.finish_reason
  const counted = chunk.usage ?? choice?.usage
  if (counted == null && (finish == null || finish === '')) return nothing
  return {
    finish: finishOf(finish),
    usage: readUsage(counted),
    fault: null,
  }
}

/** A word like `stop` or `length`. Whatever else a provider says means that the model has stopped. */
function finishOf(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  return /^[\w-]{1,64}$/.test(value) ? value : 'stop'
}

/** `{ error }` is the usual way; vLLM and DashScope also send the bare object. */
function errorOf(chunk: Chunk): unknown {
  if (chunk.error != null) return chunk.error
  if (chunk.object === 'error') return chunk
  return chunk.choices === undefined && typeof chunk.message === 'string' ? chunk : null
}

function firstOf(choices: (Choice | null)[]): Choice | null {
  for (const choice of choices) {
    if (typeof choice === 'object' && choice !== null && (choice.index ?? 0) === 0) return choice
  }
  return null
}

function readTexts(said: Said | null | undefined, events: LlmEvent[]): void {
  if (said == null) return
  const reasoning = said.reasoning_content ?? said.reasoning
  if (typeof reasoning === 'string' && reasoning !== '') events.push({ type: 'reasoning', text: reasoning })
  const text = said.content ?? said.refusal
  if (typeof text === 'string' && text !== '') events.push({ type: 'delta', text })
}

/** No model reads or writes as much: a number above it is a fault of the provider. */
const maxTokens = 100_000_000

/**
 * Null when there are no numbers to believe: an estimate is better than a negative or absurd count. A part is never more
 * than its whole.
 */
export function readUsage(value: unknown): TokenUsage | null {
  if (typeof value !== 'object' || value === null) return null
  const counted = value as Record<string, unknown>
  const { prompt_tokens, completion_tokens, total_tokens } = counted
  const promptTokens = tokensOf(prompt_tokens)
  const saidTokens = tokensOf(completion_tokens)
  if (promptTokens === null || saidTokens === null) return null
  const reasoning = tokensOf(detail(counted.completion_tokens_details, 'reasoning_tokens')) ?? 0
  // xAI and some others count thoughts beside the completion, which their total gives away.
  const isBeside = tokensOf(total_tokens) === promptTokens + saidTokens + reasoning
  const completionTokens = isBeside ? saidTokens + reasoning : saidTokens
  const sum = promptTokens + completionTokens
  if (sum === 0) return null
  return {
    promptTokens,
    completionTokens,
    totalTokens: Math.max(sum, tokensOf(total_tokens) ?? 0),
    ...cachedIn(counted, promptTokens),
    ...(reasoning ? { reasoningTokens: Math.min(reasoning, completionTokens) } : {}),
  }
}

/** The second name is DeepSeek's. */
function cachedIn(counted: Record<string, unknown>, promptTokens: number) {
  const cached = tokensOf(
    detail(counted.prompt_tokens_details, 'cached_tokens') ?? counted.prompt_cache_hit_tokens,
  )
  return cached ? { cachedTokens: Math.min(cached, promptTokens) } : {}
}

function detail(details: unknown, name: string): unknown {
  return typeof details === 'object' && details !== null ? (details as Record<string, unknown>)[name] : null
}

function tokensOf(value: unknown): number | null {
  if (typeof value !== 'number' || !(value >= 0 && value <= maxTokens)) return null
  return Math.floor(value)
}
