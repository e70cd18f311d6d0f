import type { ChatMessage } from '../../llm/llm.ts'
import { estimateMessage, estimatePrompt, estimateTokens } from '../../modules/chat/estimate-tokens.ts'
import { isObject } from './field-kinds.ts'

type Fields = Record<string, unknown>

/**
 * About so many tokens is a picture, a sound, a film or a file; how many it is, is known to its provider alone. Written
 * out it would be a hundred times as many.
 */
const tokensOfMedium = 800

/** What such a thing, or its address, is called in messages and their parts. */
const media = [
  'image_url',
  'input_audio',
  'video_url',
  'audio_url',
  'file_data',
  'file_url',
  'image',
  'video',
]

/** Beside its messages a question may say these in JSON, and its model reads them. */
const describing = ['tools', 'functions', 'response_format', 'prediction'] as const

/** About so many tokens is a question, before the model's own factor. */
export function estimateQuestion(fields: Fields): number {
  const { messages, input, prompt, instructions, text } = fields
  let tokens = estimatePrompt([])
  for (const message of listOf(messages)) tokens += estimateMessage('') + estimateValue(message)
  tokens += estimateValue(input) + estimateValue(prompt) + estimateValue(instructions)
  for (const name of describing) tokens += estimateJson(fields[name])
  if (isObject(text)) tokens += estimateJson(text.format)
  return Math.ceil(tokens)
}

/** Nothing but words, so that what a provider counts for it says how it counts words. */
export function isPlain(fields: Fields): boolean {
  return describing.every((name) => fields[name] == null) && listOf(fields.messages).every(isPlainMessage)
}

/** What else a message has, such as calls or thoughts, some providers count and some leave out. */
function isPlainMessage(message: unknown): boolean {
  if (!isObject(message) || typeof message.content !== 'string') return false
  return Object.keys(message).every((name) => name === 'role' || name === 'content' || name === 'name')
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

/** Texts wherever they are in messages and their parts, whatever stands beside them. */
function estimateValue(value: unknown, depth = 0): number {
  if (typeof value === 'string') return estimateTokens(value)
  if (typeof value === 'number') return 1
  if (depth > 8) return 0
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + estimateValue(one, depth + 1), 0)
  if (!isObject(value)) return 0
  // One that was sent before may be meant by a number of its own.
  let tokens = value.type === 'input_image' && value.image_url == null ? tokensOfMedium : 0
  for (const [name, part] of Object.entries(value)) {
    if (name === 'role' || name === 'type') continue
    tokens += media.includes(name) ? estimateMedium(part) : estimateValue(part, depth + 1)
  }
  return tokens
}

/** A film may be a list of its pictures. */
function estimateMedium(value: unknown): number {
  if (value == null) return 0
  return tokensOfMedium * (Array.isArray(value) ? value.length : 1)
}

function estimateJson(value: unknown): number {
  return typeof value === 'object' && value !== null ? estimateTokens(JSON.stringify(value)) : 0
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
