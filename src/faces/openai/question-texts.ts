import type { ChatMessage } from '../../llm/llm.ts'
import { estimateMessage, estimatePrompt, estimateTokens } from '../../modules/chat/estimate-tokens.ts'
import { isObject } from './field-kinds.ts'

type Fields = Record<string, unknown>

/** About so many tokens is a picture among the messages; how many it is, is known to its provider alone. */
const tokensOfPicture = 800

/** About so many tokens is a question, before the model's own factor. */
export function estimateQuestion({ messages, input, prompt, instructions, tools }: Fields): number {
  let tokens = estimatePrompt([])
  for (const message of listOf(messages)) tokens += estimateMessage('') + estimateValue(message)
  tokens += estimateValue(input) + estimateValue(prompt) + estimateValue(instructions)
  if (Array.isArray(tools)) tokens += estimateTokens(JSON.stringify(tools))
  return Math.ceil(tokens)
}

/** Nothing but words, so that what a provider counts for it says how it counts words. */
export function isPlain({ messages, tools }: Fields): boolean {
  return (
    tools === undefined && listOf(messages).every((one) => isObject(one) && typeof one.content === 'string')
  )
}

/** The texts in a question, for a model that reads nothing but text. */
export function messagesOf({ messages }: Fields): ChatMessage[] {
  return listOf(messages).flatMap((message) => {
    if (!isObject(message)) return []
    const content = typeof message.content === 'string' ? message.content : partsOf(message.content)
    const role = message.role === 'assistant' || message.role === 'user' ? message.role : 'system'
    return [{ role, content }]
  })
}

function partsOf(content: unknown): string {
  return listOf(content)
    .flatMap((part) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []))
    .join('\n')
}

/** Texts wherever they are in messages and their parts; what is a picture counts as one. */
function estimateValue(value: unknown, depth = 0): number {
  if (typeof value === 'string') return estimateTokens(value)
  if (typeof value === 'number') return 1
  if (depth > 8) return 0
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + estimateValue(one, depth + 1), 0)
  if (!isObject(value)) return 0
  if (value.image_url !== undefined || value.type === 'input_image' || value.input_audio !== undefined) {
    return tokensOfPicture
  }
  let tokens = 0
  for (const [name, part] of Object.entries(value)) {
    if (name !== 'role' && name !== 'type') tokens += estimateValue(part, depth + 1)
  }
  return tokens
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
