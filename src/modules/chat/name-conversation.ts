import type { Deps } from '../../deps.ts'
import { describeError } from '../../lib/describe-error.ts'
import { formatTerms, termsOf } from '../conversations/search-terms.ts'
import { publishUserEvent } from '../conversations/user-events.ts'
import type { Model } from '../models/find-model.ts'
import { asideRow } from '../usage/ledger-row.ts'
import type { LiveTurn } from './live-turn.ts'
import { makeTitle } from './make-title.ts'
import { insertTitle } from './store.ts'

export interface NameWish {
  model: Model
  question: string
  /** False: the question gives the title. */
  mayAsk: boolean
}

/**
 * Gives a conversation a title while its first answer is being made. Readers of the answer hear of it if it comes
 * before the end, other windows always. Never throws: an answer does not fail for want of a title.
 */
export async function nameConversation(
  deps: Deps,
  turn: LiveTurn,
  { model, question, mayAsk }: NameWish,
): Promise<void> {
  const startedAt = performance.now()
  const hurry = new AbortController()
  // A process that is about to end does not wait for a model.
  const forget = deps.lifecycle.onDraining(() => hurry.abort())
  const { title, usage } = await makeTitle(deps, { question, model, mayAsk, signal: hurry.signal }).finally(
    forget,
  )
  try {
    const isNamed = await insertTitle(deps.db, {
      title,
      terms: formatTerms(termsOf(turn.userId, title)),
      conversationId: turn.conversationId,
      usage:
        usage &&
        asideRow(deps, {
          kind: 'title',
          userId: turn.userId,
          turnId: turn.id,
          usage,
          durationMs: performance.now() - startedAt,
          isUseless: false,
        }),
      timezone: deps.config.usage.timezone,
    })
    if (!isNamed) return
  } catch (error) {
    deps.log.warn({ turn_id: turn.id, error: describeError(error) }, 'a title was not written')
    return
  }
  if (!turn.isEnding && !turn.log.isEnded) turn.log.append({ type: 'title', data: { title } })
  const data = { conversation_id: turn.conversationId, title }
  publishUserEvent(deps, turn.userId, { type: 'title', data })
}
