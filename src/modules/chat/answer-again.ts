import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { getConversation } from '../conversations/get-conversation.ts'
import { getMessage, type Message, noMessage } from '../conversations/get-message.ts'
import { formatTerms, termsOf } from '../conversations/search-terms.ts'
import { tellOfChange } from '../conversations/user-events.ts'
import { type AnswerOptions, beginTurn, type StartedTurn, type TurnRequest } from './begin-turn.ts'
import { checkContent } from './message-content.ts'
import { insertQuestion } from './store.ts'

/**
 * Asks an earlier question in other words, as a branch of its own beside it, and answers it. Throws as `beginTurn`
 * does; `invalid_request` for a message that is no question.
 */
export async function editMessage(
  deps: Deps,
  userId: number,
  messageId: string,
  content: string,
  options: AnswerOptions = {},
): Promise<StartedTurn> {
  checkContent(deps, content)
  const { parentId, conversationId } = await getMessageOf('user', deps, userId, messageId)
  const conversation = await getConversation(deps, userId, conversationId)
  const id = createId()
  return begin(deps, userId, {
    conversation,
    leafId: parentId,
    last: [{ role: 'user', content }],
    question: { id, parentId, content },
    userMessageId: id,
    options,
  })
}

/** The same without an answer: the new question is what the conversation shows last. */
export async function saveEdit(
  deps: Deps,
  userId: number,
  messageId: string,
  content: string,
): Promise<{ messageId: string; conversationId: string }> {
  checkContent(deps, content)
  const { parentId, conversationId } = await getMessageOf('user', deps, userId, messageId)
  const id = createId()
  const isWritten = await insertQuestion(deps.db, {
    id,
    userId,
    conversationId,
    parentId,
    content,
    terms: formatTerms(termsOf(userId, content)),
    createdAt: deps.now(),
  })
  if (!isWritten) throw noMessage()
  tellOfChange(deps, userId, conversationId)
  return { messageId: id, conversationId }
}

/** Answers the question of an answer once more, as a branch beside it. */
export async function regenerate(
  deps: Deps,
  userId: number,
  messageId: string,
  options: AnswerOptions = {},
): Promise<StartedTurn> {
  const { parentId, conversationId } = await getMessageOf('assistant', deps, userId, messageId)
  const conversation = await getConversation(deps, userId, conversationId)
  return begin(deps, userId, {
    conversation,
    leafId: parentId,
    last: [],
    question: null,
    userMessageId: parentId,
    options,
  })
}

/**
 * Goes on with an answer that was cut short, by the model's limit, a stop or a failure. The whole is a new answer
 * beside the old one: what has ended stays as it is. `invalid_request` for an answer that is complete.
 */
export async function continueAnswer(
  deps: Deps,
  userId: number,
  messageId: string,
  options: AnswerOptions = {},
): Promise<StartedTurn> {
  const answer = await getMessageOf('assistant', deps, userId, messageId)
  if (!isCutShort(answer)) throw invalid('Only an answer that was cut short can be continued')
  const conversation = await getConversation(deps, userId, answer.conversationId)
  const request = {
    conversation,
    leafId: answer.parentId,
    question: null,
    userMessageId: answer.parentId,
    options: { ...options, model: options.model ?? answer.model ?? undefined },
  }
  if (answer.content === '') return begin(deps, userId, { ...request, last: [] })
  return begin(deps, userId, {
    ...request,
    last: [{ role: 'assistant', content: answer.content }],
    beginning: { text: answer.content, reasoning: answer.reasoning ?? '' },
  })
}

function isCutShort({ status, finishReason }: Message): boolean {
  return status !== 'running' && (status !== 'complete' || finishReason === 'length')
}

async function begin(deps: Deps, userId: number, request: TurnRequest): Promise<StartedTurn> {
  const started = await beginTurn(deps, userId, request)
  if (started === null) throw new Error('a turn without a key has met its twin')
  return started
}

type MessageOf<Role> = Message & { role: Role; parentId: Role extends 'assistant' ? string : string | null }

/** Throws `not_found`; `invalid_request` for one of the other role. */
async function getMessageOf<Role extends 'user' | 'assistant'>(
  role: Role,
  deps: Deps,
  userId: number,
  id: string,
): Promise<MessageOf<Role>> {
  const message = await getMessage(deps, userId, id)
  if (message.role !== role) {
    throw invalid(role === 'user' ? 'Only a question can be edited' : 'Only an answer can be made anew')
  }
  // Every answer follows a question.
  return message as MessageOf<Role>
}

function invalid(message: string): AppError {
  return new AppError('invalid_request', message)
}
