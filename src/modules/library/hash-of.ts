import type { DraftConversation, DraftMessage } from './draft.ts'

/** Of what was said, by whom, after what, and of the title: equal for the same conversation in two exports. */
export function hashOf({ title, messages }: DraftConversation): string {
  const hash = new Bun.CryptoHasher('sha256')
  const places = new Map<DraftMessage | null, number>([[null, -1]])
  hash.update(JSON.stringify(title))
  for (const [at, message] of messages.entries()) {
    places.set(message, at)
    hash.update(JSON.stringify([places.get(message.parent) ?? -1, message.role, message.content]))
  }
  return hash.digest('base64url')
}
