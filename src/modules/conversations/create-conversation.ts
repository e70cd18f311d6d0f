import type { Parameters } from '../../db/chat-tables.ts'
import type { Deps } from '../../deps.ts'
import { createId } from '../../lib/ids.ts'
import { checkModel } from './check-model.ts'
import { checkSystemPrompt, toTitle } from './check-texts.ts'
import type { Conversation } from './get-conversation.ts'
import { termsOf } from './search-terms.ts'
import { insertConversation } from './store.ts'
import { tellOfChange } from './user-events.ts'

export interface ConversationWish {
  /** null: its first question gives it one. */
  title: string | null
  /** null: the default model. */
  model: string | null
  /** null: the prompt of the settings. */
  systemPrompt: string | null
  parameters: Parameters
  isTemporary: boolean
}

/** Throws `invalid_request`. */
export async function createConversation(
  deps: Pick<Deps, 'db' | 'kv' | 'llm' | 'now'>,
  userId: number,
  wish: ConversationWish,
): Promise<Conversation> {
  if (wish.systemPrompt !== null) checkSystemPrompt(wish.systemPrompt)
  const title = wish.title === null ? null : toTitle(wish.title)
  const conversation = await insertConversation(deps.db, userId, {
    ...wish,
    id: createId(),
    title,
    titleTerms: title === null ? null : termsOf(userId, title),
    model: checkModel(deps, wish.model, wish.parameters),
    createdAt: deps.now(),
  })
  tellOfChange(deps, userId, conversation.id)
  return conversation
}
