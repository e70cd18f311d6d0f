import { readUsage } from './chunk.ts'
import type { RelayPath, TokenUsage } from './llm.ts'

type Fields = Record<string, unknown>

/** What one event of a stream, or a whole answer, says about itself. */
export interface Said {
  usage: TokenUsage | null
  /** Nothing that matters follows. */
  isLast: boolean
  /** Numbers of the answers that end with it, where several may be on their way. */
  finished: unknown[]
  /** All texts in it: answers, thoughts, arguments of tools. */
  text: string
}

/** Of an answer that is read as far as its bill needs it. `json` is not to be trusted. */
export function readSaid(path: RelayPath, json: unknown): Said {
  if (!isFields(json)) return { usage: null, isLast: false, finished: [], text: '' }
  if (path === '/responses') return readResponse(json)
  const choices = fieldsIn(json.choices)
  return {
    usage: usageOf(path, json.usage ?? choices[0]?.usage),
    isLast: false,
    finished: choices.filter(hasFinished).map(({ index }) => index),
    text: textOfChoices(json.choices),
  }
}

/** Of all whole lines of a part of a stream. In loops: nearly every stream has its opening read by this. */
export function textOfLines(path: RelayPath, lines: string): string {
  let text = ''
  for (let at = 0, end = lines.indexOf('\n'); end !== -1; at = end + 1, end = lines.indexOf('\n', at)) {
    const event = end > at ? jsonIn(lines.slice(at, end)) : null
    if (isFields(event))
      text += path === '/responses' ? readResponse(event).text : textOfChoices(event.choices)
  }
  return text
}

function textOfChoices(choices: unknown): string {
  let text = ''
  if (!Array.isArray(choices)) return text
  for (const choice of choices) if (isFields(choice)) text += textOf(choice.delta ?? choice.message)
  return text
}

function hasFinished({ finish_reason: reason }: Fields): boolean {
  return typeof reason === 'string' && reason !== ''
}

/** An event of a stream, which wraps the answer at its end; or the answer alone. */
function readResponse(json: Fields): Said {
  const answer = isFields(json.response) ? json.response : json
  const items = json.type === undefined ? fieldsIn(json.output) : []
  const written = items.map((item) => [
    textIn(item.arguments),
    ...fieldsIn(item.content).map(({ text }) => textIn(text)),
  ])
  return {
    usage: usageOf('/responses', answer.usage),
    finished: [],
    isLast: /^response\.(completed|incomplete|failed)$/.test(textIn(json.type)),
    text: textIn(json.delta) + written.flat().join(''),
  }
}

/** In a whole answer, where an error may stand in the place of one; null: it is none of pictures. */
export function picturesIn(json: unknown): number | null {
  if (!isFields(json) || !Array.isArray(json.data)) return null
  return fieldsIn(json.data).filter(({ error }) => error == null).length
}

/** Of an answer that ends with it, without reading all the numbers before. */
export function usageAtEnd(path: RelayPath, text: string): TokenUsage | null {
  const at = text.lastIndexOf('"usage"')
  const json = /^"usage"\s*:\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})/.exec(at === -1 ? '' : text.slice(at))?.[1]
  try {
    return json === undefined ? null : usageOf(path, JSON.parse(json))
  } catch {
    return null
  }
}

/** Responses and pictures have other words for it; an embedding has no completion. */
function usageOf(path: RelayPath, usage: unknown): TokenUsage | null {
  if (!isFields(usage)) return null
  const { input_tokens, output_tokens, total_tokens, input_tokens_details, output_tokens_details } = usage
  if (input_tokens === undefined)
    return readUsage(path === '/embeddings' ? { completion_tokens: 0, ...usage } : usage)
  return readUsage({
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens ?? 0,
    total_tokens,
    prompt_tokens_details: input_tokens_details,
    completion_tokens_details: output_tokens_details,
  })
}

function textOf(message: unknown): string {
  if (!isFields(message)) return ''
  const { content, reasoning_content, reasoning, refusal, tool_calls, function_call, audio } = message
  let text = textIn(reasoning_content ?? reasoning) + textIn(content ?? refusal)
  if (isFields(audio)) text += textIn(audio.transcript)
  if (Array.isArray(tool_calls))
    for (const call of fieldsIn(tool_calls)) text += textOfFunction(call.function)
  return text + textOfFunction(function_call)
}

function textOfFunction(called: unknown): string {
  return isFields(called) ? textIn(called.name) + textIn(called.arguments) : ''
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function fieldsIn(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of one line of a stream; null: there is none in it. */
export function jsonIn(line: string): unknown {
  const start = line.indexOf('{')
  return start === -1 ? null : parse(line.slice(start))
}

export function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
