import { type Fields, isObject, isText, wrong } from './field-kinds.ts'

/** As OpenAI takes them; parts of a kind that it does not know are the provider's affair. Throws `invalid_request`. */
export function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrong('messages', 'Expected a list of at least one message')
  }
  for (const [at, message] of messages.entries()) checkMessage(message, `messages[${at}]`)
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function']
/** In their stead an assistant’s message may have no content. */
const insteadOfContent = [
  'tool_calls',
  'function_call',
  'refusal',
  'audio',
  'reasoning_content',
  'reasoning',
] as const

function checkMessage(message: unknown, path: string): void {
  if (!isObject(message)) throw wrong(path, 'Expected an object')
  const { role, content, tool_calls: calls } = message
  if (!isText(role)) throw wrong(`${path}.role`, 'Expected a text')
  if (!roles.includes(role)) throw wrong(`${path}.role`, `Expected one of ${roles.join(', ')}`)
  if (calls != null && !(Array.isArray(calls) && calls.every(isObject))) {
    throw wrong(`${path}.tool_calls`, 'Expected a list of objects')
  }
  if (content == null && mayBeEmpty(role, message)) return
  if (Array.isArray(content)) checkParts(content, `${path}.content`)
  else if (!isText(content)) throw wrong(`${path}.content`, 'Expected a text or a list of parts')
}

function mayBeEmpty(role: string, message: Fields): boolean {
  if (role === 'function') return true
  return role === 'assistant' && insteadOfContent.some((name) => message[name] != null)
}

function checkParts(parts: unknown[], path: string): void {
  if (parts.length === 0) throw wrong(path, 'Expected a text or a list of at least one part')
  for (const [at, part] of parts.entries()) {
    const place = `${path}[${at}]`
    if (!isObject(part)) throw wrong(place, 'Expected an object')
    const { type, text } = part
    if (!isText(type) || type === '') throw wrong(`${place}.type`, 'Expected a text')
    if (type === 'text' && !isText(text)) throw wrong(`${place}.text`, 'Expected a text')
    // Whatever a provider's own kind of part is called, it holds something.
    if (Object.keys(part).length === 1) throw wrong(place, 'Expected more than a type')
  }
}
