import type { Conversation } from './get-conversation.ts'
import type { conversationView } from './schema.ts'

/** A conversation as clients see it, wherever it is sent. */
export function viewOfConversation(conversation: Conversation): typeof conversationView.static {
  return {
    id: conversation.id,
    title: conversation.title,
    model: conversation.model,
    system_prompt: conversation.systemPrompt,
    parameters: conversation.parameters,
    pinned: conversation.isPinned,
    archived: conversation.isArchived,
    temporary: conversation.isTemporary,
    tags: conversation.tags,
    current_message_id: conversation.currentMessageId,
    active_turn_id: conversation.activeTurnId,
    created_at: conversation.createdAt.toISOString(),
    updated_at: conversation.lastMessageAt.toISOString(),
    deleted_at: conversation.deletedAt?.toISOString() ?? null,
  }
}
