import { viewOfConversation } from '../conversations/conversation-view.ts'
import type { Conversation } from '../conversations/get-conversation.ts'

/** One's own copy as clients see it. */
export function viewOfCopy(copy: Conversation) {
  return viewOfConversation(copy)
}
