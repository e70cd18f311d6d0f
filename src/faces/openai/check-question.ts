import { AppError } from '../../errors.ts'
import type { RelayPath } from '../../llm/llm.ts'

type Fields = Record<string, unknown>

/** What is looked at in a question of each kind; all else is the provider's affair. Throws `invalid_request`. */
export function checkQuestion(path: RelayPath, fields: Fields): void {
  const { model, stream, stream_options, n } = fields
  if (typeof model !== 'string' || model === '') throw wrong('model', 'Expected the name of a model')
  if (path === '/chat/completions') checkMessages(fields.messages)
  if (path === '/embeddings' || path === '/responses') checkInput(fields.input)
  if (path === '/images/generations' && (typeof fields.prompt !== 'string' || fields.prompt === '')) {
    throw wrong('prompt', 'Expected a text')
  }
  if (stream != null && typeof stream !== 'boolean') throw wrong('stream', 'Expected true or false')
  if (stream_options != null && !isObject(stream_options)) throw wrong('stream_options', 'Expected an object')
  if (n != null && !isWhole(n, 1, 128)) throw wrong('n', 'Expected a whole number from 1 to 128')
}

/** What an answer may have at most, by its question; null: nothing is said. Throws `invalid_request`. */
export function wantedTokens(fields: Fields, mostOfModel: number): number | null {
  let wanted: number | null = null
  for (const name of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) {
    const value = fields[name]
    if (value == null) continue
    if (!isWhole(value, 1, mostOfModel)) {
      throw wrong(name, `Expected a whole number from 1 to ${mostOfModel}, the most of this model`)
    }
    wanted = Math.max(wanted ?? 0, value)
  }
  return wanted
}

/** So many answers to one question. */
export function countOf({ n }: Fields): number {
  return typeof n === 'number' ? n : 1
}

function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrong('messages', 'Expected a list of at least one message')
  }
  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) throw wrong(`messages[${at}]`, 'Expected an object')
    if (typeof message.role !== 'string') throw wrong(`messages[${at}].role`, 'Expected a text')
    const { content } = message
    if (content != null && typeof content !== 'string' && !Array.isArray(content)) {
      throw wrong(`messages[${at}].content`, 'Expected a text or a list of parts')
    }
  }
}

function checkInput(input: unknown): void {
  const isThere = typeof input === 'string' ? input !== '' : Array.isArray(input) && input.length > 0
  if (!isThere) throw wrong('input', 'Expected a text or a list')
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

/** `path`: the name of a field. */
export function wrong(path: string, message: string): AppError {
  return new AppError('invalid_request', `${message} as ${path}`, {
    faults: [{ path, message: `${message} as ${path}` }],
  })
}
