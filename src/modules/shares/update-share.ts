import type { Deps } from '../../deps.ts'
import { toTitle } from '../conversations/check-texts.ts'
import { toDisplayName } from './display-name.ts'
import { type ExpiryWish, toExpiry } from './expiry.ts'
import { noShare, type Share } from './share.ts'
import { updateShare as update } from './store.ts'

/** What is absent stays as it is. */
export interface ShareWishes extends ExpiryWish {
  title?: string
  displayName?: string | null
}

/** What readers are told about it and until when; never what was said. Throws `not_found` and `invalid_request`. */
export async function updateShare(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  userId: number,
  id: string,
  wishes: ShareWishes,
): Promise<Share> {
  const share = await update(db, userId, id, {
    title: wishes.title === undefined ? undefined : toTitle(wishes.title),
    displayName: wishes.displayName === undefined ? undefined : toDisplayName(wishes.displayName),
    expiresAt: toExpiry(wishes, now()),
  })
  if (share === null) throw noShare()
  return share
}
