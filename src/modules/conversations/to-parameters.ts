import type { Parameters } from '../../db/chat-tables.ts'
import { invalidField } from '../auth/invalid-field.ts'

const names = ['temperature', 'top_p', 'max_tokens'] as const

/**
 * What a client has sent as parameters: null and what is absent mean that nobody has a wish. Which numbers make sense,
 * the model tells. Throws `invalid_request`.
 */
export function toParameters(sent: unknown): Parameters {
  if (sent === undefined || sent === null) return {}
  if (typeof sent !== 'object' || Array.isArray(sent)) throw invalidField('parameters', 'Expected an object')
  const parameters: Parameters = {}
  for (const name of names) {
    const value = Object.hasOwn(sent, name) ? (sent as Record<string, unknown>)[name] : null
    if (value === null) continue
    if (typeof value !== 'number') throw invalidField(`parameters/${name}`, 'Expected a number')
    parameters[name] = value
  }
  return parameters
}
