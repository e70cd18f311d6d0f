import type { Db } from '../../db/db.ts'
import { AppError } from '../../errors.ts'
import { createId, isId } from '../../lib/ids.ts'
import { toTagName } from './check-texts.ts'
import { insertTags, isAnyUnknown, lockTags } from './tag-store.ts'

export const maxTags = 200

export interface WantedTags {
  ids: string[]
  names: string[]
}

/**
 * The ids of tags that are named by id or by name; a name that is new becomes a tag. To be called in a transaction, until
 * whose end they stay. Throws `not_found` for an id that is not this person's, `conflict` for one tag too many.
 */
export async function resolveTags(
  db: Db,
  userId: number,
  { ids, names }: WantedTags,
  now: Date,
): Promise<string[]> {
  const wanted = names.map((name) => ({ id: createId(), name }))
  if (wanted.length > 0) await insertTags(db, userId, wanted, { now, maxTags })
  const known = await lockTags(db, userId, { ids: [], names })
  // Which capitals are the same, the database knows better: two names may have found one tag.
  if (known.length < names.length && (await isAnyUnknown(db, userId, names))) throw tooManyTags()
  const given = ids.length === 0 ? [] : await lockTags(db, userId, { ids, names: [] })
  if (given.length < ids.length) throw noTag()
  return [...new Set([...known, ...given].map(({ id }) => id))]
}

/** What looks like an id is one: no tag may be named so. Throws `invalid_request`. */
export function toWantedTags(texts: string[], path: string): WantedTags {
  const ids = new Set<string>()
  const names = new Map<string, string>()
  for (const text of texts) {
    if (isId(text)) {
      ids.add(text.toLowerCase())
      continue
    }
    const name = toTagName(text, path)
    names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name)
  }
  return { ids: [...ids], names: [...names.values()] }
}

export function noTag(): AppError {
  return new AppError('not_found', 'There is no such tag')
}

export function tooManyTags(): AppError {
  return new AppError('conflict', `Nobody may have more than ${maxTags} tags`)
}
