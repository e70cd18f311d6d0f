import type { Deps } from '../../deps.ts'
import { toTagName } from './check-texts.ts'
import { nameTaken } from './create-tag.ts'
import type { Tag } from './get-conversation.ts'
import { noTag } from './resolve-tags.ts'
import { lockTagsToChange, mergeTag, setTagName } from './tag-store.ts'
import { tellOfTags } from './user-events.ts'

/**
 * `merge`: when another tag has the name, what had this one has that one, which is returned under its new spelling.
 * Without it: `conflict`. Throws `not_found` and `invalid_request` too.
 */
export async function renameTag(
  deps: Pick<Deps, 'db' | 'kv'>,
  userId: number,
  id: string,
  { name: text, merge }: { name: string; merge: boolean },
): Promise<Tag> {
  const name = toTagName(text, 'name')
  const keptId = await deps.db.transaction(async (tx) => {
    const found = await lockTagsToChange(tx, userId, { ids: [id], names: [name] })
    if (!found.some((tag) => tag.id === id)) throw noTag()
    const namesake = found.find((tag) => tag.isNamesake && tag.id !== id)
    if (namesake !== undefined) {
      if (!merge) throw nameTaken(namesake.id)
      await mergeTag(tx, id, namesake.id)
    }
    const kept = namesake?.id ?? id
    if (!(await setTagName(tx, kept, name))) throw nameTaken(null)
    return kept
  })
  tellOfTags(deps, userId)
  return { id: keptId, name }
}
