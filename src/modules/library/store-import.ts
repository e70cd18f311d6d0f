import type { Deps } from '../../deps.ts'
import { findAppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { resolveTags, toWantedTags } from '../conversations/resolve-tags.ts'
import { formatTerms, termsOf } from '../conversations/search-terms.ts'
import type { DraftConversation, DraftMessage } from './draft.ts'
import { meet, type Problems } from './import-report.ts'
import { insertImport, insertMessages, type NewMessage, type Source, tagImport } from './import-store.ts'
import { cleanText } from './values.ts'

/** What is worked out and written in one go, while others wait. */
const messagesAtOnce = 100
const charsAtOnce = 256 * 1024

/**
 * Stores a conversation of an archive under an id of its own, all of it or nothing. null: it was here already.
 * `isReplacing`: so it may be, and this is one more.
 */
export async function storeImport(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  source: Source,
  draft: DraftConversation,
  { isReplacing, problems }: { isReplacing: boolean; problems: Problems },
): Promise<string | null> {
  const id = createId()
  const ids = new Map(draft.messages.map((message) => [message, createId()]))
  const leaf = draft.current ?? draft.messages.at(-1)
  const conversation = {
    ...draft,
    id,
    titleTerms: draft.title === null ? null : formatTerms(termsOf(source.userId, draft.title)),
    currentMessageId: leaf === undefined ? null : (ids.get(leaf) ?? null),
    importedAt: now(),
  }
  const [first = [], ...others] = batchesOf(draft.messages)
  const rowsOf = (batch: DraftMessage[]) => batch.map((message) => rowOf(message, ids, source.userId))
  if (others.length === 0 && draft.tags.length === 0) {
    return (await insertImport(db, source, conversation, rowsOf(first), { isReplacing })) ? id : null
  }
  return db.transaction(async (tx) => {
    if (!(await insertImport(tx, source, conversation, rowsOf(first), { isReplacing }))) return null
    for (const batch of others) await insertMessages(tx, source.userId, id, rowsOf(batch))
    const tagIds = await tagsOf(tx, source.userId, draft.tags, { now: now(), problems })
    if (tagIds.length > 0) await tagImport(tx, id, tagIds)
    return id
  })
}

function* batchesOf(messages: DraftMessage[]): Generator<DraftMessage[]> {
  let batch: DraftMessage[] = []
  let chars = 0
  for (const message of messages) {
    batch.push(message)
    chars += message.content.length
    if (batch.length < messagesAtOnce && chars < charsAtOnce) continue
    yield batch
    batch = []
    chars = 0
  }
  if (batch.length > 0) yield batch
}

function rowOf(message: DraftMessage, ids: Map<DraftMessage, string>, userId: number): NewMessage {
  return {
    id: ids.get(message) ?? createId(),
    parent_id: message.parent === null ? null : (ids.get(message.parent) ?? null),
    role: message.role,
    content: message.content,
    search_terms: formatTerms(termsOf(userId, message.content)),
    reasoning: message.reasoning === null ? null : cleanText(message.reasoning),
    status: message.status,
    model: message.model,
    finish_reason: message.finishReason,
    error_code: message.errorCode,
    prompt_tokens: message.promptTokens,
    completion_tokens: message.completionTokens,
    is_usage_estimated: message.isUsageEstimated,
    cost_micros: message.costMicros,
    duration_ms: message.durationMs,
    time_to_first_token_ms: message.timeToFirstTokenMs,
    rating: message.role === 'assistant' ? message.rating : null,
    rating_note: message.role === 'assistant' ? message.ratingNote : null,
    created_at: message.createdAt,
  }
}

/** Those that may be names; without any where they would be too many. */
async function tagsOf(
  tx: Deps['db'],
  userId: number,
  tags: string[],
  { now, problems }: { now: Date; problems: Problems },
): Promise<string[]> {
  const names = tags.flatMap((tag) => {
    try {
      return toWantedTags([tag], 'tags').names
    } catch {
      return []
    }
  })
  try {
    if (names.length < tags.length) meet(problems, 'tags', tags.length - names.length)
    return names.length === 0 ? [] : await resolveTags(tx, userId, { ids: [], names }, now)
  } catch (error) {
    if (findAppError(error)?.code !== 'conflict') throw error
    meet(problems, 'tags', names.length)
    return []
  }
}
