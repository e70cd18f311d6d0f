import type { Deps } from '../../deps.ts'
import { noTag } from './resolve-tags.ts'
import { deleteTag as remove } from './tag-store.ts'
import { tellOfTags } from './user-events.ts'

/** The conversations stay, without it. Throws `not_found`. */
export async function deleteTag(deps: Pick<Deps, 'db' | 'kv'>, userId: number, id: string): Promise<void> {
  if (!(await remove(deps.db, userId, id))) throw noTag()
  tellOfTags(deps, userId)
}
