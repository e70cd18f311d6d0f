import type { Deps } from '../../deps.ts'
import { type Conversation, getConversation, noConversation } from './get-conversation.ts'
import { resolveTags, toWantedTags } from './resolve-tags.ts'
import { lockConversation } from './store.ts'
import { replaceTags } from './tag-store.ts'
import { tellOfChange } from './user-events.ts'

/**
 * A conversation has these tags from now on and no others; each is named by its id or its name, and a new name becomes
 * a tag. Throws `not_found`, `invalid_request` and `conflict`.
 */
export async function setTags(
  deps: Pick<Deps, 'db' | 'kv' | 'now'>,
  userId: number,
  id: string,
  tags: string[],
): Promise<Conversation> {
  const wanted = toWantedTags(tags, 'tags')
  await deps.db.transaction(async (tx) => {
    if (!(await lockConversation(tx, userId, id))) throw noConversation()
    await replaceTags(tx, id, await resolveTags(tx, userId, wanted, deps.now()))
  })
  tellOfChange(deps, userId, id)
  return getConversation(deps, userId, id)
}
