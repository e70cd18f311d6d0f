import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'
import { hashToken } from '../../lib/tokens.ts'
import { getConversation } from '../conversations/get-conversation.ts'
import { type AnswerOptions, beginTurn, type StartedTurn } from './begin-turn.ts'
import { checkContent } from './message-content.ts'
import { findTurnByKey, forgetKey, type StoredTurn } from './store.ts'

export interface Question extends AnswerOptions {
  conversationId: string
  content: string
  /** The message that it follows; null: none, a new beginning; undefined: the one that is shown last. */
  parentId?: string | null | undefined
  /** A repeat with the same key attaches to the same turn for a day. */
  idempotencyKey?: string | undefined
}

/** For how long an idempotency key stands for its turn. */
export const keyLifeMs = 24 * 3600 * 1000

/**
 * Asks a question. Throws as `beginTurn` does, and `payload_too_large`; `idempotency_key_reused` when the key came
 * with another question.
 */
export async function startTurn(deps: Deps, userId: number, question: Question): Promise<StartedTurn> {
  checkContent(deps, question.content)
  const { idempotencyKey: key } = question
  if (key === undefined) {
    const started = await ask(deps, userId, question)
    if (started === null) throw new Error('a turn without a key has met its twin')
    return started
  }
  const idempotency = { key, requestHash: hashOf(question) }
  return (await attach(deps, userId, idempotency)) ?? askOrAttach(deps, userId, question, idempotency)
}

interface Idempotency {
  key: string
  requestHash: string
}

/** A twin that came at the same moment may have been faster; then its turn is ours, whatever we were refused for. */
async function askOrAttach(
  deps: Deps,
  userId: number,
  question: Question,
  idempotency: Idempotency,
): Promise<StartedTurn> {
  let refused: unknown = new AppError('conflict', 'Try again')
  try {
    const started = await ask(deps, userId, question, idempotency)
    if (started !== null) return started
  } catch (error) {
    refused = error
  }
  const attached = await attach(deps, userId, idempotency)
  if (attached === null) throw refused
  return attached
}

async function ask(
  deps: Deps,
  userId: number,
  question: Question,
  idempotency?: Idempotency,
): Promise<StartedTurn | null> {
  const conversation = await getConversation(deps, userId, question.conversationId)
  const parentId = question.parentId === undefined ? conversation.currentMessageId : question.parentId
  const id = createId()
  return beginTurn(deps, userId, {
    conversation,
    leafId: parentId,
    last: [{ role: 'user', content: question.content }],
    question: { id, parentId, content: question.content },
    userMessageId: id,
    options: question,
    ...(idempotency ? { idempotency } : {}),
  })
}

/** The turn that the key stands for, if there is one. */
async function attach(
  { db, now }: Deps,
  userId: number,
  { key, requestHash }: Idempotency,
): Promise<StartedTurn | null> {
  const turn = await findTurnByKey(db, userId, key)
  if (turn === null) return null
  if (now().getTime() - turn.startedAt.getTime() >= keyLifeMs) {
    await forgetKey(db, turn.id)
    return null
  }
  if (turn.requestHash !== requestHash) {
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key came with another request')
  }
  return toStarted(turn)
}

function toStarted(turn: StoredTurn): StartedTurn {
  const { id: turnId, conversationId, userMessageId, assistantMessageId, model } = turn
  return { turnId, conversationId, userMessageId, assistantMessageId, model }
}

function hashOf({ conversationId, content, parentId, model, systemPrompt, parameters }: Question): string {
  const { temperature, top_p, max_tokens } = parameters ?? {}
  return hashToken(
    JSON.stringify([conversationId, content, parentId, model, systemPrompt, temperature, top_p, max_tokens]),
  )
}
