import type { Parameters } from '../../db/chat-tables.ts'
import type { UsageCall, UsageGrant } from '../../db/usage-reserve.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { checkSystemPrompt } from '../conversations/check-texts.ts'
import type { Conversation } from '../conversations/get-conversation.ts'
import { formatTerms, termsOf } from '../conversations/search-terms.ts'
import { chooseModel } from '../models/choose-model.ts'
import { checkParameters, fallbacksOf, type Model } from '../models/find-model.ts'
import { quotaExceeded } from '../usage/quota-exceeded.ts'
import { tellOfQuota } from '../usage/tell-of-quota.ts'
import type { BuiltPrompt } from './build-prompt.ts'
import { cutLength, grantedLength, hasRoomAside, turnCall } from './held-room.ts'
import { nameConversation } from './name-conversation.ts'
import { readPrompt, readPromptWithSummary, summariseAhead } from './read-prompt.ts'
import type { BranchMessage } from './rounds.ts'
import { runTurn, type TurnPlan } from './run-turn.ts'
import { findRunningTurn, insertTurn } from './store.ts'

/** A turn that runs by now, or has run: where it is, and what it reads and writes. */
export interface StartedTurn {
  turnId: string
  conversationId: string
  userMessageId: string
  assistantMessageId: string
  /** `provider/model`. */
  model: string
}

/** What a message may say about how it is to be answered; the rest is the conversation's, then the settings'. */
export interface AnswerOptions {
  /** `provider/model`, or what else `findModel` understands. */
  model?: string | undefined
  systemPrompt?: string | undefined
  parameters?: Parameters | undefined
}

export interface TurnRequest {
  conversation: Conversation
  /** The model reads the branch up to here; null: nothing was said yet. */
  leafId: string | null
  /** And then this: the question, unless the branch ends with it, or an answer that is to be continued. */
  last: BranchMessage[]
  /** null: the question that the branch ends with is there already. */
  question: { id: string; parentId: string | null; content: string } | null
  userMessageId: string
  options: AnswerOptions
  /** The beginning of the answer, when an earlier one is continued. */
  beginning?: { text: string; reasoning: string }
  idempotency?: { key: string; requestHash: string }
}

/**
 * Everything that may be refused is refused here; then the turn is in the database and its answer is being made.
 * null: the idempotency key has its turn already. Throws `invalid_request`, `forbidden`, `not_found`, `turn_running` (with its
 * `turn_id`), `too_many_turns`, `quota_exceeded`, `shutting_down`.
 */
export async function beginTurn(
  deps: Deps,
  userId: number,
  request: TurnRequest,
): Promise<StartedTurn | null> {
  assertNotDraining(deps.lifecycle)
  const { conversation, options } = request
  if (options.systemPrompt !== undefined) checkSystemPrompt(options.systemPrompt)
  const model = await chooseModel(deps, userId, options.model ?? conversation.model)
  const parameters = { ...conversation.parameters, ...options.parameters }
  checkParameters(model, parameters)
  const place = {
    userId,
    conversationId: conversation.id,
    model,
    systemPrompt: options.systemPrompt ?? conversation.systemPrompt ?? deps.config.cloudchat.systemPrompt,
    maxTokens: parameters.max_tokens ?? null,
  }
  const wish = { ...place, leafId: request.leafId, last: request.last }
  const built = await readPrompt(deps, wish)
  const started: StartedTurn = {
    turnId: createId(),
    conversationId: conversation.id,
    userMessageId: request.userMessageId,
    assistantMessageId: createId(),
    model: model.id,
  }
  const fallbacks = fallbacksOf(deps, model)
  const call = turnCall(deps, { id: started.turnId, model, fallbacks, built })
  const grant = await write(deps, userId, request, { started, built, call })
  if (grant === null) return null
  const held = { model, call, grant }
  if (grant.granted < call.wantedTokens) tellOfQuota(deps, userId)
  const turn = runTurn(deps, {
    userId,
    start: {
      turn_id: started.turnId,
      conversation_id: started.conversationId,
      user_message_id: started.userMessageId,
      assistant_message_id: started.assistantMessageId,
      model: started.model,
    },
    model,
    fallbacks,
    ...toSent(built, parameters, held),
    better: built.isOutgrown
      ? async (signal) => {
          const better = await readPromptWithSummary(deps, wish, signal)
          return better && toSent(better, parameters, held)
        }
      : null,
    maxTokens: cutLength(deps, call, grant),
    beginning: request.beginning ?? null,
  })
  const mayAsk = hasRoomAside(grant)
  if (conversation.title === null) {
    void nameConversation(deps, turn, { model, question: built.question, mayAsk })
  }
  if (mayAsk) void summariseAhead(deps, turn, { ...place, leafId: started.assistantMessageId }, built)
  return started
}

/** What room there is for the answer; null: the idempotency key has its turn already. */
async function write(
  deps: Deps,
  userId: number,
  request: TurnRequest,
  { started, built, call }: { started: StartedTurn; built: BuiltPrompt; call: UsageCall },
): Promise<UsageGrant | null> {
  const { question } = request
  const beginning = await insertTurn(deps.db, {
    id: started.turnId,
    userId,
    conversationId: started.conversationId,
    instanceId: deps.instanceId,
    model: started.model,
    question: question && { ...question, terms: formatTerms(termsOf(userId, question.content)) },
    userMessageId: started.userMessageId,
    assistantMessageId: started.assistantMessageId,
    estimatedPromptTokens: built.estimatedTokens,
    idempotencyKey: request.idempotency?.key ?? null,
    requestHash: request.idempotency?.requestHash ?? null,
    startedAt: deps.now(),
    maxPerUser: deps.config.turns.maxPerUser,
    usage: call,
  })
  if (beginning === 'key_taken') return null
  if (beginning === 'conversation_gone') throw new AppError('not_found', 'No such conversation or message')
  if (beginning === 'user_busy') throw tooManyTurns()
  if (beginning === 'conversation_busy') throw await turnRunning(deps, started.conversationId)
  if (beginning.refusal !== null) throw quotaExceeded(deps, userId, beginning.refusal)
  return beginning
}

async function turnRunning({ db }: Deps, conversationId: string): Promise<AppError> {
  const turnId = await findRunningTurn(db, conversationId)
  const message = 'An answer is being made in this conversation'
  return new AppError('turn_running', message, turnId === null ? {} : { extra: { turn_id: turnId } })
}

function tooManyTurns(): AppError {
  return new AppError('too_many_turns', 'Too many answers are being made for you at once', {
    retryAfterSeconds: 5,
  })
}

/** What the model is sent, and our estimate of it. */
function toSent(
  { prompt, estimatedTokens }: BuiltPrompt,
  { temperature, top_p }: Parameters,
  { model, call, grant }: { model: Model; call: UsageCall; grant: UsageGrant },
): Pick<TurnPlan, 'prompt' | 'promptTokens'> {
  return {
    prompt: {
      ...prompt,
      ...grantedLength(prompt, call, grant, model),
      ...(temperature === undefined ? {} : { temperature }),
      ...(top_p === undefined ? {} : { topP: top_p }),
    },
    promptTokens: estimatedTokens,
  }
}
