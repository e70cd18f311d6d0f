import type { Message } from '../talk.ts'

export interface MessageGroup {
  /** The same for as long as any of its messages is shown. */
  id: string
  messages: Message[]
}

/** As many as are read at once. */
const groupSize = 30

/**
 * What follows each other, in groups. A message stays in its group, whatever comes before or after: moved into
 * another, it would be drawn anew. `groups`: by the keys of messages, kept from one time to the next.
 */
export function groupMessages(all: Message[], groups: Map<string, string>): MessageGroup[] {
  const found: MessageGroup[] = []
  const begun = new Set<string>()
  for (const message of all) {
    const last = found.at(-1)
    const known = groups.get(message.key)
    if (last !== undefined && (known === undefined ? last.messages.length < groupSize : known === last.id)) {
      last.messages.push(message)
    } else {
      const id = known === undefined || begun.has(known) ? message.key : known
      begun.add(id)
      found.push({ id, messages: [message] })
    }
  }
  groups.clear()
  for (const { id, messages } of found) for (const { key } of messages) groups.set(key, id)
  return found
}
