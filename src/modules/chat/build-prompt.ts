import { AppError } from '../../errors.ts'
import type { ChatMessage, Prompt } from '../../llm/llm.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { endThatFits } from './cut-text.ts'
import { estimatePrompt } from './estimate-tokens.ts'
import {
  type BranchMessage,
  costOf,
  costOfMessages,
  firstThatFits,
  type ModelWindow,
  messagesOf,
  type Round,
  roomFor,
  roundsOf,
} from './rounds.ts'
import { largestSummaryShare, summaryMessage } from './summary-message.ts'

export interface PromptPlan extends ModelWindow {
  /** Empty or null: none. */
  systemPrompt: string | null
  /** Oldest first; ends with the question to be answered, or with the answer to be continued. */
  branch: BranchMessage[]
}

export interface BuiltPrompt {
  prompt: Prompt
  /** By our rule alone, without the factor. */
  estimatedTokens: number
  /** Is answered. */
  question: string
  /** Something was left out for which nothing stands. */
  isOutgrown: boolean
  /** Of the room: so much is taken, or would be with the newest summary. */
  fullness: number
  /** For any prompt, in tokens of our rule. */
  room: number
}

/**
 * The system prompt and as much of the branch as the model's window allows beside the answer: all of it, or a summary
 * and the rounds since then (a question with its answer each), or the newest of them. Throws `invalid_request` when the
 * last question alone is too long.
 */
export function buildPrompt(plan: PromptPlan): BuiltPrompt {
  const { maxTokens, model, factor } = plan
  const rounds = roundsOf(plan.branch)
  const last = rounds.pop()
  if (last === undefined) throw invalidField('content', 'There is no question to answer')
  const system: ChatMessage[] = plan.systemPrompt ? [{ role: 'system', content: plan.systemPrompt }] : []
  const wholeRoom = roomFor(plan)
  const room = wholeRoom - estimatePrompt(system)
  const kept = fitLast(last, room)
  const earlier = fitEarlier(rounds, room - costOfMessages(kept))
  const messages = [...system, ...alternating([...earlier.messages, ...kept])]
  const estimatedTokens = estimatePrompt(messages)
  const answerRoom = Math.max(1, Math.floor(model.contextWindow - estimatedTokens * factor))
  const prompt: Prompt = { messages }
  if (maxTokens !== null) prompt.maxTokens = Math.min(maxTokens, answerRoom)
  return {
    prompt,
    estimatedTokens: Math.round(estimatedTokens),
    question: last.question,
    isOutgrown: earlier.isOutgrown,
    fullness: (estimatedTokens - earlier.dispensable) / wholeRoom,
    room: wholeRoom,
  }
}

/** The question always; of an answer that is to be continued the end at least, for there it goes on. */
function fitLast({ question, answer }: Round, room: number): BranchMessage[] {
  const asked: BranchMessage[] = [{ role: 'user', content: question }]
  const tokens = costOfMessages(asked)
  if (tokens > room) throw tooLong(tokens, room)
  if (answer === '') return asked
  const goOn: BranchMessage = { role: 'user', content: continuation }
  const end = endThatFits(answer, room - costOfMessages([...asked, { role: 'assistant', content: '' }, goOn]))
  if (end === '') throw invalidField('content', 'The message is too long for this model')
  return [...asked, { role: 'assistant', content: end }, goOn]
}

/** By our rule: the model may count otherwise. */
function tooLong(tokens: number, room: number): AppError {
  const figures = { tokens: Math.ceil(tokens), max_tokens: Math.max(0, Math.floor(room)) }
  const message = `The message is too long for this model: it has about ${figures.tokens} tokens, and may have ${figures.max_tokens}`
  return new AppError('invalid_request', message, { faults: [{ path: 'content', message }], extra: figures })
}

/** Most providers take an answer at the end for finished, and some refuse it. */
const continuation =
  'Your answer was cut off. Go on exactly where it stopped, in its language: repeat nothing, and say nothing about this.'

interface Earlier {
  messages: BranchMessage[]
  isOutgrown: boolean
  /** Tokens for which a newer summary could stand. */
  dispensable: number
}

function fitEarlier(rounds: Round[], room: number): Earlier {
  const summaries = usableSummaries(rounds, room)
  const newest = summaries.at(-1)
  const { messages, isOutgrown } = choose(rounds, summaries, room)
  const least = newest === undefined ? Number.POSITIVE_INFINITY : costSince(rounds, newest)
  return { messages, isOutgrown, dispensable: Math.max(0, costOfMessages(messages) - least) }
}

interface UsableSummary {
  message: BranchMessage
  cost: number
  /** The first round for which it does not stand. */
  since: number
}

function usableSummaries(rounds: Round[], room: number): UsableSummary[] {
  return rounds.flatMap(({ summary }, at) => {
    if (summary === null) return []
    const message = summaryMessage(summary)
    const cost = costOfMessages([message])
    return cost > room * largestSummaryShare ? [] : [{ message, cost, since: at + 1 }]
  })
}

/** As little as possible is left to a summary: the oldest after which all the rest fits. */
function choose(rounds: Round[], summaries: UsableSummary[], room: number): Omit<Earlier, 'dispensable'> {
  const first = firstThatFits(rounds, room)
  if (first === 0) return { messages: rounds.flatMap(messagesOf), isOutgrown: false }
  const whole = summaries.find((summary) => summary.since >= first && costSince(rounds, summary) <= room)
  const summary = whole ?? summaries.at(-1)
  const rest = rounds.slice(summary?.since ?? 0)
  const fitting = rest.slice(firstThatFits(rest, room - (summary?.cost ?? 0))).flatMap(messagesOf)
  return {
    messages: summary === undefined ? fitting : [summary.message, ...fitting],
    isOutgrown: whole === undefined,
  }
}

function costSince(rounds: Round[], { cost, since }: UsableSummary): number {
  return cost + costOf(rounds.slice(since))
}

/** Questions without an answer between them become one: many providers insist that the roles take turns. */
function alternating(messages: BranchMessage[]): BranchMessage[] {
  const joined: BranchMessage[] = []
  for (const message of messages) {
    const last = joined.at(-1)
    if (last?.role === message.role) last.content += `\n\n${message.content}`
    else joined.push({ ...message })
  }
  return joined
}
