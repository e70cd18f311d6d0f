import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { toTagName } from './check-texts.ts'
import type { Tag } from './get-conversation.ts'
import { maxTags, tooManyTags } from './resolve-tags.ts'
import { insertTags, lockTags } from './tag-store.ts'
import { tellOfTags } from './user-events.ts'

/** Throws `invalid_request`, and `conflict` for a name that is taken, in whatever capitals, or one tag too many. */
export async function createTag(
  deps: Pick<Deps, 'db' | 'kv' | 'now'>,
  userId: number,
  text: string,
): Promise<Tag> {
  const name = toTagName(text, 'name')
  const wanted = [{ id: createId(), name }]
  const [tag] = await insertTags(deps.db, userId, wanted, { now: deps.now(), maxTags })
  if (tag === undefined) {
    const [taken] = await lockTags(deps.db, userId, { ids: [], names: [name] })
    throw taken === undefined ? tooManyTags() : nameTaken(taken.id)
  }
  tellOfTags(deps, userId)
  return tag
}

/** null: by one that has just got it. */
export function nameTaken(tagId: string | null): AppError {
  const extra: { extra?: Record<string, string> } = tagId === null ? {} : { extra: { tag_id: tagId } }
  return new AppError('conflict', 'There is a tag of this name already', extra)
}
