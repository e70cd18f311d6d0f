import type { DraftMessage } from './draft.ts'
import { titleOf } from './values.ts'

const titleChars = 80

/** A title for a conversation that has none: how its first question begins. null: there is no question. */
export function beginningOf(messages: DraftMessage[]): string | null {
  const question = messages.find(({ role }) => role === 'user')
  const line = titleOf(question?.content.trim().slice(0, 1000).replace(/\s+/g, ' '))
  return line === null ? null : [...line].slice(0, titleChars).join('').trim()
}

export function lastDate(messages: DraftMessage[]): Date | null {
  return messages.reduce<Date | null>(
    (last, { createdAt }) => (last === null || createdAt > last ? createdAt : last),
    null,
  )
}
