import type { Db } from '../../db/db.ts'
import type { HandedOutFilter } from '../../db/handed-out.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId, isId } from '../../lib/ids.ts'
import { type PageWish, readPosition, type SortedPage, sortedPageOf } from '../../lib/sorted-page.ts'
import { hashToken } from '../../lib/tokens.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { type CodeSort, endCode, insertCodes, listCodes as list, type TopUpCode } from './balance-store.ts'

export type { TopUpCode } from './balance-store.ts'

export interface CodesWish {
  /** What each is worth. */
  micros: number
  /** So many codes. */
  count: number
  /** So many people may redeem each, once. */
  maxUses: number
  expiresAt: Date | null
  note: string | null
}

/** Makes codes, in a transaction. Their texts are returned this once, and kept only as hashes. Throws `invalid_request`. */
export async function createCodes(
  { now }: Pick<Deps, 'now'>,
  tx: Db,
  { micros, count, maxUses, expiresAt, note }: CodesWish,
  createdBy: number | null,
): Promise<(TopUpCode & { code: string })[]> {
  const createdAt = now()
  if (expiresAt !== null && expiresAt <= createdAt)
    throw invalidField('expires_at', 'Expected a moment to come')
  if (note !== null && [...note].length > 200) throw invalidField('note', 'Expected at most 200 characters')
  const texts = new Map(Array.from({ length: count }, () => [createId(), createCode()] as const))
  const rows = await insertCodes(
    tx,
    [...texts].map(([id, code]) => ({
      id,
      codeHash: hashToken(code),
      ending: code.slice(-4),
      micros,
      maxUses,
      note,
      createdBy,
      createdAt,
      expiresAt,
    })),
  )
  return rows.map((row) => ({ ...row, code: inGroups(texts.get(row.id) ?? '') }))
}

/** Also those that are used up, expired or withdrawn. Throws `invalid_request` for what is no cursor. */
export async function listCodes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  filter: HandedOutFilter,
  { order, cursor, limit }: PageWish<CodeSort>,
): Promise<SortedPage<TopUpCode>> {
  const after = readPosition(cursor, order, { at: order.by === 'note' ? 'text' : 'number', isId })
  const rows = await list(db, filter, { order, after, limit: limit + 1, now: now() })
  return sortedPageOf(rows, { order, limit }, ({ at, id }) => ({ at, id }))
}

/** Nobody redeems it any more; what it has paid stays. Throws `not_found`. */
export async function withdrawCode({ now }: Pick<Deps, 'now'>, tx: Db, id: string): Promise<TopUpCode> {
  const code = isId(id) ? await endCode(tx, id, now()) : null
  if (code === null) throw new AppError('not_found', 'No such code')
  return code
}

/** Crockford's: none of them looks like another. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 20

/** A hundred random bits, to be typed. */
function createCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => letters[byte % 32]).join('')
}

function inGroups(code: string): string {
  return code.replace(/.{5}(?=.)/g, '$&-')
}

/** As people type it: in small letters, without the hyphens, with O for 0. What is no code is none that there is. */
export function readCode(text: string): string {
  return text.slice(0, 100).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}
