import type { Deps } from '../../deps.ts'
import { checkModel } from './check-model.ts'
import { checkSystemPrompt, toTitle } from './check-texts.ts'
import { type Conversation, getConversation, noConversation } from './get-conversation.ts'
import { noMessage } from './get-message.ts'
import { termsOf } from './search-terms.ts'
import { type ConversationChanges, lockConversation, updateConversation as update } from './store.ts'
import { findLeaf } from './tree-store.ts'
import { tellOfChange } from './user-events.ts'

/** What is absent stays as it is. `currentMessageId`: any message; its branch is shown, to its newest end. */
export type ConversationWishes = Omit<ConversationChanges, 'currentMessageId' | 'titleTerms'> & {
  currentMessageId?: string
}

/** Throws `not_found`, also for a message of another conversation, and `invalid_request`. */
export async function updateConversation(
  deps: Pick<Deps, 'db' | 'kv' | 'llm'>,
  userId: number,
  id: string,
  wishes: ConversationWishes,
): Promise<Conversation> {
  const { currentMessageId, ...plain } = wishes
  const checked = { ...checkWords(userId, plain), ...(await checkChoice(deps, userId, id, plain)) }
  const changes = { ...plain, ...checked }
  if (Object.keys(wishes).length === 0) return getConversation(deps, userId, id)
  const changed =
    currentMessageId === undefined
      ? await update(deps.db, userId, id, changes)
      : await switchBranch(deps, userId, id, currentMessageId, changes)
  if (changed === null) throw noConversation()
  tellOfChange(deps, userId, id)
  return changed
}

function checkWords(userId: number, { title, systemPrompt }: ConversationWishes): ConversationChanges {
  if (typeof systemPrompt === 'string') checkSystemPrompt(systemPrompt)
  if (title === undefined) return {}
  if (title === null) return { titleTerms: null }
  const checked = toTitle(title)
  return { title: checked, titleTerms: termsOf(userId, checked) }
}

/** Model and parameters must fit together, also when only one of them is new. */
async function checkChoice(
  deps: Pick<Deps, 'db' | 'llm'>,
  userId: number,
  id: string,
  { model, parameters }: ConversationWishes,
): Promise<ConversationChanges> {
  if (model === undefined && parameters === undefined) return {}
  const present = await getConversation(deps, userId, id)
  const wanted = model === undefined ? present.model : model
  const found = checkModel(deps, wanted, parameters ?? present.parameters)
  return model === undefined ? {} : { model: found }
}

/** Locked, so that the message is not deleted, nor followed by another, between looking at it and showing it. */
function switchBranch(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  id: string,
  messageId: string,
  changes: ConversationChanges,
): Promise<Conversation | null> {
  return db.transaction(async (tx) => {
    if (!(await lockConversation(tx, userId, id))) return null
    const leafId = await findLeaf(tx, id, messageId)
    if (leafId === null) throw noMessage()
    return update(tx, userId, id, { ...changes, currentMessageId: leafId })
  })
}
