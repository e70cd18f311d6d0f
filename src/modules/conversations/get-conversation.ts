import type { Parameters } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { findConversation } from './store.ts'

export interface Tag {
  id: string
  name: string
}

export interface Conversation {
  id: string
  /** null until its first question has been asked. */
  title: string | null
  /** `provider/model`; null: the default model. */
  model: string | null
  /** null: the prompt of the settings; empty: none. */
  systemPrompt: string | null
  parameters: Parameters
  /** The last message of the branch that is shown; null while there is no message. */
  currentMessageId: string | null
  /** The turn that runs in it; null: none. */
  activeTurnId: string | null
  isPinned: boolean
  isArchived: boolean
  isTemporary: boolean
  /** By name. */
  tags: Tag[]
  createdAt: Date
  /** Of its creation while it has no message. */
  lastMessageAt: Date
  /** null: it is not in the bin. */
  deletedAt: Date | null
}

/** A person's conversation that is not in the bin. Throws `not_found`. */
export async function getConversation(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  id: string,
): Promise<Conversation> {
  const conversation = await findConversation(db, userId, id)
  if (conversation === null) throw noConversation()
  return conversation
}

export function noConversation(): AppError {
  return new AppError('not_found', 'There is no such conversation')
}
