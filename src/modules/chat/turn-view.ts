import type { Deps } from '../../deps.ts'
import { getMessage } from '../conversations/get-message.ts'
import { viewOfMessage } from '../conversations/message-view.ts'

/** A question and its answer as clients see them. Throws `not_found` when somebody has deleted them meanwhile. */
export async function viewOfTurn(
  deps: Pick<Deps, 'db'>,
  userId: number,
  turn: { userMessageId: string; assistantMessageId: string },
) {
  const [question, answer] = await Promise.all([
    getMessage(deps, userId, turn.userMessageId),
    getMessage(deps, userId, turn.assistantMessageId),
  ])
  const view = viewOfMessage(answer)
  return { user_message: viewOfMessage(question), assistant_message: view, usage: view.usage }
}

/** A question that nobody was asked. */
export async function viewOfQuestion(deps: Pick<Deps, 'db'>, userId: number, messageId: string) {
  const question = await getMessage(deps, userId, messageId)
  return { user_message: viewOfMessage(question), assistant_message: null, usage: null }
}
