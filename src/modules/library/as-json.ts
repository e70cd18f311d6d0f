import type { StoredMessage } from './export-store.ts'
import type { LibraryConversation } from './read-library.ts'

/** Of the format that is written, and the highest that is read. */
export const formatVersion = 1

/** The whole library as one JSON text, a line for each conversation and each message. */
export async function* asJson(
  conversations: AsyncIterable<LibraryConversation>,
  now: Date,
): AsyncGenerator<string> {
  const head = JSON.stringify({ format: 'cloudchat', version: formatVersion, exported_at: now })
  yield `${head.slice(0, -1)},"conversations":[`
  let isFirst = true
  for await (const { messages, ...conversation } of conversations) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(fieldsOf(conversation)).slice(0, -1)},"messages":[`
    isFirst = false
    let separator = '\n'
    for await (const page of messages) {
      yield separator + page.map((message) => JSON.stringify(messageFields(message))).join(',\n')
      separator = ',\n'
    }
    yield ']}'
  }
  yield ']}\n'
}

function fieldsOf(conversation: Omit<LibraryConversation, 'messages'>) {
  return {
    id: conversation.id,
    title: conversation.title,
    model: conversation.model,
    system_prompt: conversation.systemPrompt,
    parameters: conversation.parameters,
    pinned: conversation.isPinned,
    archived: conversation.isArchived,
    tags: conversation.tags,
    created_at: conversation.createdAt,
    updated_at: conversation.lastMessageAt,
    current_message_id: conversation.currentMessageId,
  }
}

/** What is null is left out. An answer in the making counts as cut short here: nobody would ever finish it. */
function messageFields(message: StoredMessage) {
  const { promptTokens, completionTokens } = message
  return {
    id: message.id,
    parent_id: message.parentId,
    role: message.role,
    content: message.content,
    reasoning: message.reasoning ?? undefined,
    status: message.status === 'running' ? 'interrupted' : message.status,
    model: message.model ?? undefined,
    usage:
      promptTokens === null || completionTokens === null
        ? undefined
        : {
            prompt_tokens: promptTokens,
            completion_tokens: completionTokens,
            estimated: message.isUsageEstimated ?? true,
            cost: message.costMicros === null ? null : message.costMicros / 1_000_000,
          },
    finish_reason: message.finishReason ?? undefined,
    error_code: message.errorCode ?? undefined,
    duration_ms: message.durationMs ?? undefined,
    time_to_first_token_ms: message.timeToFirstTokenMs ?? undefined,
    rating: message.rating ?? undefined,
    rating_note: message.ratingNote ?? undefined,
    created_at: message.createdAt,
  }
}
