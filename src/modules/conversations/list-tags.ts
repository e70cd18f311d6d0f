import type { Deps } from '../../deps.ts'
import type { Tag } from './get-conversation.ts'
import { listTags as list } from './tag-store.ts'

export type TagOrder = 'name' | 'last_used'

export interface ListedTag extends Tag {
  /** Of its conversations but those in the bin and the temporary ones. */
  count: number
  /** The last message of those; null: there is none. */
  lastUsedAt: Date | null
}

/** All that a person has, by name or the one used last first. */
export function listTags({ db }: Pick<Deps, 'db'>, userId: number, order: TagOrder): Promise<ListedTag[]> {
  return list(db, userId, order)
}
