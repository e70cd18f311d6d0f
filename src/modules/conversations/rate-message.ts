import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { toNote } from './check-texts.ts'
import { noMessage } from './get-message.ts'
import { setRating } from './message-store.ts'
import { tellOfChange } from './user-events.ts'

/**
 * What somebody thinks of an answer; null takes it back. The last word counts. Throws `not_found`, and
 * `invalid_request` for a question.
 */
export async function rateMessage(
  deps: Pick<Deps, 'db' | 'kv'>,
  userId: number,
  id: string,
  { rating, note }: { rating: 'up' | 'down' | null; note: string | null },
): Promise<void> {
  const rated = await setRating(deps.db, userId, id, { rating, note: toNote(note) })
  if (rated === null) throw noMessage()
  if (rated.role !== 'assistant') throw new AppError('invalid_request', 'Only an answer can be rated')
  tellOfChange(deps, userId, rated.conversationId)
}
