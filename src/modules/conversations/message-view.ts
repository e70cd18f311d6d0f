import type { Message } from './get-message.ts'
import type { MessageView } from './schema.ts'

/** A message as clients see it, wherever it is sent. */
export function viewOfMessage(message: Message): MessageView {
  return {
    id: message.id,
    parent_id: message.parentId,
    siblings: message.siblings,
    role: message.role,
    content: message.content,
    ...(message.reasoning === null ? {} : { reasoning: message.reasoning }),
    status: message.status,
    model: message.model,
    usage: usageOf(message),
    finish_reason: message.finishReason,
    error_code: message.errorCode,
    duration_ms: message.durationMs,
    time_to_first_token_ms: message.timeToFirstTokenMs,
    rating: message.rating,
    rating_note: message.ratingNote,
    ...(message.summary === null ? {} : { summary: viewOfSummary(message.summary) }),
    created_at: message.createdAt.toISOString(),
  }
}

function viewOfSummary({ messageCount, createdAt }: NonNullable<Message['summary']>) {
  return { message_count: messageCount, created_at: createdAt.toISOString() }
}

function usageOf({ promptTokens, completionTokens, isUsageEstimated, costMicros }: Message) {
  if (promptTokens === null || completionTokens === null) return null
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    estimated: isUsageEstimated ?? true,
    cost: costMicros === null ? null : costMicros / 1_000_000,
  }
}
