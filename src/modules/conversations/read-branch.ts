import type { Deps } from '../../deps.ts'
import { listBranch } from './message-store.ts'

export interface BranchMessage {
  id: string
  role: 'user' | 'assistant'
  content: string
  /** What stands for everything up to this message, itself included; null: nothing does. */
  summary: string | null
  /** For so many messages the summary stands. */
  summarised: number | null
}

/** More than any model reads. */
const maxMessages = 2000
const defaultMaxChars = 4_000_000

/**
 * What was said up to a message, oldest first, for a model to read: as far back as `maxChars` reach, the message that
 * goes beyond them included. Empty when the message is null, not of this conversation or not of this person.
 */
export async function readBranch(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  conversationId: string,
  leafId: string | null,
  { maxChars = defaultMaxChars }: { maxChars?: number } = {},
): Promise<BranchMessage[]> {
  if (leafId === null) return []
  return listBranch(db, userId, conversationId, leafId, { maxChars, maxMessages })
}
