import { signal } from '@preact/signals'
import { showBranch } from './branches.ts'
import { talk } from './conversation.ts'
import { goToConversation } from './place.ts'
import { hasEarlier, isLoading, messages, opened } from './talk.ts'

/** The message that is looked for, and where; null: none is. */
const wanted = signal<{ conversationId: string; messageId: string; hasTurned: boolean } | null>(null)

/** The message that was found last: it is brought into sight, and can be told from the others for a moment. */
export const found = signal<string | null>(null)

/** Goes to a message, wherever in its conversation it stands. */
export function goToMessage(conversationId: string, messageId: string): void {
  found.value = null
  wanted.value = { conversationId, messageId, hasTurned: false }
  goToConversation(conversationId)
  void seek()
}

let isSeeking = false

/** To be called whenever there are other messages. Reads backwards, then in the branch that the message stands in. */
export async function seek(): Promise<void> {
  if (isSeeking) return
  isSeeking = true
  try {
    while (await step());
  } finally {
    isSeeking = false
  }
}

/** True: there may be more to do at once. */
async function step(): Promise<boolean> {
  const wish = wanted.value
  if (wish === null || isLoading.value || opened.value?.id !== wish.conversationId) return false
  if (messages.value.some(({ key }) => key === wish.messageId)) {
    wanted.value = null
    found.value = wish.messageId
    return false
  }
  const before = messages.value
  if (hasEarlier.value) await talk.value.showEarlier(100)
  else if (!wish.hasTurned) {
    wanted.value = { ...wish, hasTurned: true }
    await showBranch(wish.messageId)
  } else wanted.value = null
  return messages.value !== before && wanted.value !== null
}
