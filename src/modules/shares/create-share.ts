import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { createLinkToken } from '../../lib/tokens.ts'
import { toTitle } from '../conversations/check-texts.ts'
import { noConversation } from '../conversations/get-conversation.ts'
import { noMessage } from '../conversations/get-message.ts'
import { toDisplayName } from './display-name.ts'
import { type ExpiryWish, toExpiry } from './expiry.ts'
import type { Share } from './share.ts'
import { insertShare } from './store.ts'

/** What a reader's page can still show at once, and the database keep for each. */
const limits = { maxMessages: 1000, maxBytes: 1024 * 1024, maxShares: 500 }

export interface ShareWish extends ExpiryWish {
  /** null: the last of the branch that is shown. */
  leafMessageId: string | null
  /** null: the conversation's, or else how it begins. */
  title: string | null
  displayName: string | null
}

/**
 * Copies a branch as it is now; what is being answered is left out. Throws `not_found`, `invalid_request` (also where
 * there is nothing yet to share), `payload_too_large` and, for one share too many, `conflict`.
 */
export async function createShare(
  deps: Pick<Deps, 'db' | 'now'>,
  userId: number,
  conversationId: string,
  wish: ShareWish,
): Promise<Share> {
  const now = deps.now()
  const share = {
    id: createId(),
    token: createLinkToken(),
    conversationId,
    leafMessageId: wish.leafMessageId,
    title: wish.title === null ? null : toTitle(wish.title),
    displayName: toDisplayName(wish.displayName),
    createdAt: now,
    expiresAt: toExpiry(wish, now) ?? null,
  }
  const made = await insertShare(deps.db, userId, share, limits)
  switch (made.outcome) {
    case 'made':
      return { ...share, title: made.title }
    case 'no_conversation':
      throw noConversation()
    case 'no_message':
      throw noMessage()
    case 'nothing_said':
      throw new AppError('invalid_request', 'There is nothing to share yet')
    case 'too_large':
      throw new AppError(
        'payload_too_large',
        `At most ${limits.maxMessages} messages of ${limits.maxBytes / 1024} KiB in all can be shared at once`,
      )
    case 'too_many':
      throw new AppError('conflict', `Nobody may have more than ${limits.maxShares} shares`)
  }
}
