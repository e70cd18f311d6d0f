import { formatNumber } from './format.ts'
import { inBothLanguages } from './language.ts'

/** By how much a message is too long: how long it is, and may be. */
export interface Excess {
  unit: 'characters' | 'bytes' | 'tokens'
  size: number
  limit: number
}

export function wordsOfExcess({ unit, size, limit }: Excess): string {
  return texts.value[unit](formatNumber(size), formatNumber(limit))
}

/** What the body of a refusal says of it; null: nothing. */
export function excessOf(body: string): Excess | null {
  for (const unit of ['bytes', 'tokens'] as const) {
    const size = numberIn(body, unit)
    const limit = numberIn(body, `max_${unit}`)
    if (size !== null && limit !== null) return { unit, size, limit }
  }
  return null
}

function numberIn(body: string, name: string): number | null {
  try {
    const value: unknown = JSON.parse(body)[name]
    return typeof value === 'number' ? value : null
  } catch {
    return null
  }
}

const texts = inBothLanguages(
  {
    characters: (size: string, limit: string) =>
      `The message is too long. It has ${size} characters; at most ${limit} are possible.`,
    bytes: (size: string, limit: string) =>
      `The message is too long. It has ${size} bytes; at most ${limit} are possible.`,
    tokens: (size: string, limit: string) =>
      `The message is too long. It has about ${size} tokens; the model has room for ${limit}.`,
  },
  {
    characters: (size: string, limit: string) => `消息过长。共 ${size} 个字符，最多 ${limit} 个。`,
    bytes: (size: string, limit: string) => `消息过长。共 ${size} 字节，最多 ${limit} 字节。`,
    tokens: (size: string, limit: string) => `消息过长。约 ${size} Token，模型最多可容纳 ${limit} Token。`,
  },
)
