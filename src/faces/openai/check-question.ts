import type { RelayPath } from '../../llm/llm.ts'
import { checkMessages } from './check-messages.ts'
import { checkWishes } from './check-wishes.ts'
import { type Fields, isObject, isText, isWhole, wrong } from './field-kinds.ts'

/** What is looked at in a question of each kind; all else is the provider's affair. Throws `invalid_request`. */
export function checkQuestion(path: RelayPath, fields: Fields): void {
  const { model, stream, stream_options, n } = fields
  if (typeof model !== 'string' || model === '') throw wrong('model', 'Expected the name of a model')
  if (path === '/chat/completions') checkMessages(fields.messages)
  if (path === '/embeddings') checkInput(fields.input, isEmbeddable, 'a text or tokens')
  if (path === '/responses' && !isStored(fields)) checkInput(fields.input, isObject, 'an object')
  if (path === '/chat/completions' || path === '/responses') checkWishes(path, fields)
  if (path === '/images/generations' && (typeof fields.prompt !== 'string' || fields.prompt === '')) {
    throw wrong('prompt', 'Expected a text')
  }
  if (stream != null && typeof stream !== 'boolean') throw wrong('stream', 'Expected true or false')
  if (stream_options != null && !isObject(stream_options)) throw wrong('stream_options', 'Expected an object')
  if (n != null && !isWhole(n, 1, 128)) throw wrong('n', 'Expected a whole number from 1 to 128')
}

/** What the length of an answer is called; which of them a model knows is its provider's affair. */
export const lengthNames = ['max_tokens', 'max_completion_tokens', 'max_output_tokens']

/** What an answer may have at most, by its question; null: nothing is said. Throws `invalid_request`. */
export function wantedTokens(fields: Fields, mostOfModel: number): number | null {
  let wanted: number | null = null
  for (const name of lengthNames) {
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

/** A question that its provider keeps, or what went before one: there need be no more. */
function isStored({ input, prompt, previous_response_id, conversation }: Fields): boolean {
  return input == null && (prompt ?? previous_response_id ?? conversation) != null
}

function checkInput(input: unknown, isRight: (item: unknown) => boolean, expected: string): void {
  const isThere = isText(input) ? input !== '' : Array.isArray(input) && input.length > 0
  if (!isThere) throw wrong('input', 'Expected a text or a list')
  const at = Array.isArray(input) ? input.findIndex((item) => !isRight(item)) : -1
  if (at !== -1) throw wrong(`input[${at}]`, `Expected ${expected}`)
}

/** A text, a token or a list of tokens; some models know objects too, of pictures for one. */
function isEmbeddable(item: unknown): boolean {
  if (Array.isArray(item)) return item.every(Number.isInteger)
  return isText(item) || Number.isInteger(item) || isObject(item)
}
