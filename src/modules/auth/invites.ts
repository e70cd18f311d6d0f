import type { Db } from '../../db/db.ts'
import type { HandedOutFilter, HandedOutSort } from '../../db/handed-out.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId, isId } from '../../lib/ids.ts'
import { type PageWish, readPosition, type SortedPage, sortedPageOf } from '../../lib/sorted-page.ts'
import { createLinkToken, hashToken, isLinkToken } from '../../lib/tokens.ts'
import { isStorable } from './identifiers.ts'
import { invalidField } from './invalid-field.ts'
import {
  type Invite,
  insertInvite,
  isInviteGood,
  listInvites as list,
  deleteInvite as remove,
  takeInvite,
} from './invite-store.ts'

export type { Invite } from './invite-store.ts'

export interface InviteWish {
  note: string | null
  maxUses: number
  expiresAt: Date | null
}

/** Makes an invitation. Its code is returned this once, and kept only as a hash. Throws `invalid_request`. */
export async function createInvite(
  { now }: Pick<Deps, 'now'>,
  tx: Db,
  { note, maxUses, expiresAt }: InviteWish,
): Promise<{ invite: Invite; code: string }> {
  const text = note?.trim() || null
  if (text !== null && ([...text].length > 200 || !isStorable(text))) {
    throw invalidField('note', 'Expected one line of at most 200 characters')
  }
  if (expiresAt !== null && expiresAt <= now()) throw invalidField('expires_at', 'Expected a moment to come')
  const code = createLinkToken()
  const invite = await insertInvite(tx, {
    id: createId(),
    codeHash: hashToken(code),
    hint: code.slice(-4),
    note: text,
    maxUses,
    expiresAt,
    createdAt: now(),
  })
  return { invite, code }
}

/** Also those that are used up or have run out. Throws `invalid_request` for what is no cursor. */
export async function listInvites(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  filter: HandedOutFilter,
  { order, cursor, limit }: PageWish<HandedOutSort>,
): Promise<SortedPage<Invite>> {
  const after = readPosition(cursor, order, { at: order.by === 'note' ? 'text' : 'number', isId })
  const rows = await list(db, filter, { order, after, limit: limit + 1, now: now() })
  return sortedPageOf(rows, { order, limit }, ({ at, id }) => ({ at, id }))
}

/** It is good for nobody from now on. Throws `not_found`. Returns it as it was. */
export async function deleteInvite(tx: Db, id: string): Promise<Invite> {
  const gone = isId(id) ? await remove(tx, id) : null
  if (gone === null) throw new AppError('not_found', 'There is no such invitation')
  return gone
}

/** Throws `invalid_request` for a code that nobody can register with. */
export async function checkInvite({ db, now }: Pick<Deps, 'db' | 'now'>, code: string): Promise<void> {
  const isGood = isLinkToken(code) && (await isInviteGood(db, hashToken(code), now()))
  if (!isGood) throw badInvite()
}

/** Uses it, in the transaction that makes the account. Throws as above. */
export async function spendInvite({ now }: Pick<Deps, 'now'>, tx: Db, code: string): Promise<void> {
  if (!(await takeInvite(tx, hashToken(code), now()))) throw badInvite()
}

function badInvite(): AppError {
  return invalidField('invite_code', 'Invitation invalid or expired')
}
