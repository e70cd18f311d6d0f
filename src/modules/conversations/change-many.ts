import type { Deps } from '../../deps.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { archiveMany, binMany, restoreMany, tagMany, untagMany } from './many-store.ts'
import { noTag, resolveTags, toWantedTags } from './resolve-tags.ts'
import { lockTags } from './tag-store.ts'
import { tellOfChange, tellOfDeletion } from './user-events.ts'

export interface ManyWish {
  ids: string[]
  action: 'archive' | 'unarchive' | 'delete' | 'restore' | 'tag' | 'untag'
  /** Id or name, for the last two. */
  tag: string | null
}

export interface ChangedOne {
  id: string
  isFound: boolean
}

/**
 * Does to many conversations, in one statement, what may be done to each; one that is not there stops none of the others.
 * Each is named once in the answer, in the order given. Throws `invalid_request`; `not_found` for an unknown tag.
 */
export async function changeMany(
  deps: Pick<Deps, 'db' | 'kv' | 'now'>,
  userId: number,
  { ids, action, tag }: ManyWish,
): Promise<ChangedOne[]> {
  const asked = [...new Set(ids.map((id) => id.toLowerCase()))]
  const changed = new Set(await change(deps, userId, { ids: asked.filter(isId), action, tag }))
  const tell = action === 'delete' ? tellOfDeletion : tellOfChange
  for (const id of changed) tell(deps, userId, id)
  return asked.map((id) => ({ id, isFound: changed.has(id) }))
}

async function change(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  userId: number,
  { ids, action, tag }: ManyWish,
): Promise<string[]> {
  switch (action) {
    case 'archive':
      return archiveMany(db, userId, ids, true)
    case 'unarchive':
      return archiveMany(db, userId, ids, false)
    case 'delete':
      return binMany(db, userId, ids, now())
    case 'restore':
      return restoreMany(db, userId, ids)
    case 'tag': {
      const wanted = toWantedTags([required(tag)], 'tag')
      return db.transaction(async (tx) => {
        const [tagId] = await resolveTags(tx, userId, wanted, now())
        return tagMany(tx, userId, ids, tagId as string)
      })
    }
    case 'untag': {
      const [found] = await lockTags(db, userId, toWantedTags([required(tag)], 'tag'))
      if (found === undefined) throw noTag()
      return untagMany(db, userId, ids, found.id)
    }
  }
}

function required(tag: string | null): string {
  if (tag === null) throw invalidField('tag', 'Expected the id or the name of a tag')
  return tag
}
