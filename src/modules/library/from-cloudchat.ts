import { toParameters } from '../conversations/to-parameters.ts'
import type { DraftConversation, ReadContext, ReadConversation, Utterance } from './draft.ts'
import { growTree, type SourceNode } from './grow-tree.ts'
import { meet } from './import-report.ts'
import { cleanText, countOf, listOf, momentOf, nameOf, recordOf, textOf, titleOf } from './values.ts'

const maxPromptBytes = 32 * 1024
const maxNoteChars = 2000

/** A conversation as we export it ourselves. */
export const fromCloudchat: ReadConversation = (value, context) => {
  const source = recordOf(value)
  if (source === null || !Array.isArray(source.messages)) return null
  const createdAt = momentOf(source.created_at, context.now) ?? context.now
  const nodes = nodesOf(source.messages, context)
  const tree = growTree(nodes, createdAt, context)
  const order = new Map(nodes.map(({ id }, at) => [tree.find(id), at]))
  // As they stood in the file: there that is the order of their ids.
  const messages = tree.messages.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  const prompt = textOf(source.system_prompt)
  return {
    sourceId: nameOf(source.id),
    title: titleOf(source.title),
    model: nameOf(source.model),
    systemPrompt: prompt === null || Buffer.byteLength(prompt) > maxPromptBytes ? null : cleanText(prompt),
    parameters: parametersOf(source.parameters),
    isPinned: source.pinned === true,
    isArchived: source.archived === true,
    tags: listOf(source.tags).filter((tag) => typeof tag === 'string'),
    createdAt,
    lastMessageAt: momentOf(source.updated_at, context.now) ?? messages.at(-1)?.createdAt ?? createdAt,
    messages,
    current: tree.find(textOf(source.current_message_id)),
    skippedMessages: source.messages.length - nodes.length,
  }
}

function nodesOf(messages: unknown[], { problems, now }: ReadContext): SourceNode[] {
  const nodes = new Map<string, SourceNode>()
  for (const [at, value] of messages.entries()) {
    const message = recordOf(value)
    const role = message?.role
    if (
      message === null ||
      (role !== 'user' && role !== 'assistant') ||
      typeof message.content !== 'string'
    ) {
      meet(problems, 'unknown_content')
      continue
    }
    const id = textOf(message.id) ?? `#${at}`
    const said = utteranceOf(message, { role, content: message.content }, now)
    if (nodes.has(id)) meet(problems, 'broken_tree')
    else nodes.set(id, { id, parentId: textOf(message.parent_id), read: () => said })
  }
  for (const { parentId } of nodes.values()) {
    if (parentId !== null && !nodes.has(parentId)) meet(problems, 'broken_tree')
  }
  return [...nodes.values()]
}

function utteranceOf(
  message: Record<string, unknown>,
  said: Pick<Utterance, 'role' | 'content'>,
  now: Date,
): Utterance {
  const usage = recordOf(message.usage)
  const promptTokens = countOf(usage?.prompt_tokens)
  const completionTokens = countOf(usage?.completion_tokens)
  const hasUsage = promptTokens !== null && completionTokens !== null
  const note = textOf(message.rating_note)
  return {
    ...said,
    reasoning: textOf(message.reasoning),
    status: statuses.find((status) => status === message.status) ?? 'interrupted',
    model: nameOf(message.model),
    finishReason: nameOf(message.finish_reason),
    errorCode: nameOf(message.error_code),
    promptTokens: hasUsage ? promptTokens : null,
    completionTokens: hasUsage ? completionTokens : null,
    isUsageEstimated: hasUsage ? usage?.estimated !== false : null,
    costMicros:
      hasUsage && typeof usage?.cost === 'number' ? countOf(Math.round(usage.cost * 1_000_000)) : null,
    durationMs: countOf(message.duration_ms),
    timeToFirstTokenMs: countOf(message.time_to_first_token_ms),
    rating: message.rating === 'up' || message.rating === 'down' ? message.rating : null,
    ratingNote: note === null ? null : [...cleanText(note)].slice(0, maxNoteChars).join(''),
    createdAt: momentOf(message.created_at, now),
  }
}

const statuses = ['complete', 'stopped', 'failed', 'interrupted'] as const

function parametersOf(value: unknown): DraftConversation['parameters'] {
  try {
    return toParameters(value)
  } catch {
    return {}
  }
}
