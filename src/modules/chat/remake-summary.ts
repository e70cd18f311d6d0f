import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { type Conversation, getConversation } from '../conversations/get-conversation.ts'
import { turnRunning } from '../conversations/turn-running.ts'
import { chooseModel } from '../models/choose-model.ts'
import { summarise } from './summarise.ts'
import type { Summary } from './summary.ts'
import { listSummaries } from './summary-store.ts'

/** Less than proxies wait for an answer. */
const patienceMs = 45_000

/** Of the branch that is shown, oldest first. Throws `not_found`. */
export async function readSummaries(
  deps: Pick<Deps, 'db'>,
  userId: number,
  conversationId: string,
): Promise<Summary[]> {
  const { currentMessageId } = await getConversation(deps, userId, conversationId)
  return currentMessageId === null ? [] : listSummaries(deps.db, userId, conversationId, currentMessageId)
}

/**
 * Has the newest summary of the branch that is shown made anew, from the messages themselves, or a first one; resolves
 * with it, or with null where that takes longer. Throws `not_found`; `turn_running`; `conflict` where one is being made
 * or there is nothing to be summarised; as `chooseModel`, and what the model throws.
 */
export async function remakeSummary(
  deps: Deps,
  userId: number,
  conversationId: string,
  waitMs = patienceMs,
): Promise<Summary | null> {
  const conversation = await getConversation(deps, userId, conversationId)
  const { currentMessageId: leafId, activeTurnId } = conversation
  if (activeTurnId !== null) throw turnRunning(activeTurnId)
  if (deps.config.turns.summaryTimeoutSeconds === null) throw conflict('Nothing is summarised here')
  if (leafId === null) throw nothingYet()
  const wish = await wishOf(deps, userId, conversation)
  if (deps.summaries.has(conversationId)) throw beingMade()
  const outOfPatience = Promise.withResolvers<null>()
  const timer = setTimeout(outOfPatience.resolve, waitMs, null)
  const making = summarise(deps, { ...wish, leafId })
  const end = await Promise.race([making, outOfPatience.promise])
  clearTimeout(timer)
  if (end === null) return null
  if (end.state === 'failed') throw end.error
  if (end.state === 'elsewhere') throw beingMade()
  const newest = (await listSummaries(deps.db, userId, conversationId, leafId)).at(-1)
  if (end.state !== 'made' || newest === undefined) throw nothingYet()
  return newest
}

async function wishOf(deps: Deps, userId: number, { id, model, systemPrompt, parameters }: Conversation) {
  return {
    userId,
    conversationId: id,
    model: await chooseModel(deps, userId, model),
    systemPrompt: systemPrompt ?? deps.config.cloudchat.systemPrompt,
    maxTokens: parameters.max_tokens ?? null,
    questionTokens: 0,
    isAnew: true,
  }
}

function beingMade(): AppError {
  return conflict('A summary is being made in this conversation')
}

function nothingYet(): AppError {
  return conflict('There is nothing to be summarised yet')
}

function conflict(message: string): AppError {
  return new AppError('conflict', message)
}
