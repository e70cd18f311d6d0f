import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../db/db.ts'
import { conversations, turns } from '../../db/tables.ts'
import type { Conversation } from './get-conversation.ts'

const columns = {
  id: conversations.id,
  title: conversations.title,
  model: conversations.model,
  systemPrompt: conversations.systemPrompt,
  parameters: conversations.parameters,
  currentMessageId: conversations.currentMessageId,
  isPinned: conversations.isPinned,
  isArchived: conversations.isArchived,
  isTemporary: conversations.isTemporary,
  createdAt: conversations.createdAt,
  lastMessageAt: conversations.lastMessageAt,
  deletedAt: conversations.deletedAt,
}
const isActive = and(eq(turns.conversationId, conversations.id), sql`${turns.state} = 'running'`)

/** Not one in the bin. */
export async function findConversation(db: Db, userId: number, id: string): Promise<Conversation | null> {
  const [row] = await db
    .select({ ...columns, activeTurnId: turns.id })
    .from(conversations)
    .leftJoin(turns, isActive)
    .where(and(eq(conversations.id, id), eq(conversations.userId, userId), isNull(conversations.deletedAt)))
  return row ?? null
}
