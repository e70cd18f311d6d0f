import type { ChatMessage, Prompt } from '../../llm/llm.ts'
import { invalidField } from '../auth/invalid-field.ts'
import type { Model } from '../models/find-model.ts'
import { estimateMessage, estimatePrompt } from './estimate-tokens.ts'

export interface BranchMessage {
  role: 'user' | 'assistant'
  content: string
}

export interface PromptPlan {
  /** Empty or null: none. */
  systemPrompt: string | null
  /** Oldest first; ends with the question to be answered, or with the answer to be continued. */
  branch: BranchMessage[]
  model: Pick<Model, 'contextWindow' | 'maxOutputTokens'>
  /** Tokens of this model for each that we estimate. */
  factor: number
  /** Of the answer; null: nobody has said. */
  maxTokens: number | null
}

export interface BuiltPrompt {
  prompt: Prompt
  /** By our rule alone, without the factor. */
  estimatedTokens: number
}

/** Our estimate may be off by this much of the window without the provider refusing the prompt. */
const slack = 0.15
/** Of the window, for an answer of which nobody has said how long it may be. */
const answerShare = 0.25
const largestAnswerShare = 0.5

/**
 * The system prompt and as much of the branch as the model's window allows beside the answer: the newest rounds, each
 * question with its answer. Throws `invalid_request` when the last question alone is too long.
 */
export function buildPrompt(plan: PromptPlan): BuiltPrompt {
  const { maxTokens, model, factor } = plan
  const rounds = roundsOf(plan.branch)
  const last = rounds.pop()
  if (last === undefined) throw invalidField('content', 'There is no question to answer')
  const system: ChatMessage[] = plan.systemPrompt ? [{ role: 'system', content: plan.systemPrompt }] : []
  const room = roomFor(plan) - estimatePrompt(system)
  const kept = fitLast(last, room)
  const messages = [...system, ...alternating([...newest(rounds, room - costOf(kept)), ...kept])]
  const estimatedTokens = estimatePrompt(messages)
  const answerRoom = Math.max(1, Math.floor(model.contextWindow - estimatedTokens * factor))
  const prompt: Prompt = { messages }
  if (maxTokens !== null) prompt.maxTokens = Math.min(maxTokens, answerRoom)
  return { prompt, estimatedTokens: Math.round(estimatedTokens) }
}

/** A question and its answer; '' where it failed before the first word. */
interface Round {
  question: string
  answer: string
}

/** What answers nothing (its question was deleted) is left out: providers want a question first. */
function roundsOf(branch: BranchMessage[]): Round[] {
  const rounds: Round[] = []
  for (const { role, content } of branch) {
    const last = rounds.at(-1)
    if (role === 'user') rounds.push({ question: content, answer: '' })
    else if (last !== undefined && content.trim() !== '') last.answer += content
  }
  return rounds
}

/** For the prompt, in tokens of our rule. */
function roomFor({ model, factor, maxTokens }: PromptPlan): number {
  const { contextWindow, maxOutputTokens } = model
  const wanted = maxTokens ?? Math.min(maxOutputTokens, contextWindow * answerShare)
  const forAnswer = Math.min(Math.max(wanted, contextWindow * slack), contextWindow * largestAnswerShare)
  return (contextWindow - forAnswer) / factor
}

/** The question always; of an answer that is to be continued the end at least, for there it goes on. */
function fitLast({ question, answer }: Round, room: number): BranchMessage[] {
  const asked: BranchMessage[] = [{ role: 'user', content: question }]
  if (costOf(asked) > room) throw invalidField('content', 'The message is too long for this model')
  if (answer === '') return asked
  const goOn: BranchMessage = { role: 'user', content: continuation }
  const end = endThatFits(answer, room - costOf([...asked, goOn]))
  if (end === '') throw invalidField('content', 'The message is too long for this model')
  return [...asked, { role: 'assistant', content: end }, goOn]
}

/** Most providers take an answer at the end for finished, and some refuse it. */
const continuation =
  'Your answer was cut off. Go on exactly where it stopped, in its language: repeat nothing, and say nothing about this.'

function endThatFits(text: string, room: number): string {
  let end = text
  while (end !== '' && estimateMessage(end) > room) {
    const share = Math.min(0.9, Math.max(0, room) / estimateMessage(end))
    // Half a character is none.
    end = end.slice(end.length - Math.floor(end.length * share)).replace(/^[\udc00-\udfff]/, '')
  }
  return end
}

function newest(rounds: Round[], room: number): BranchMessage[] {
  const kept: BranchMessage[][] = []
  let left = room
  for (const { question, answer } of rounds.toReversed()) {
    const round: BranchMessage[] = [{ role: 'user', content: question }]
    if (answer !== '') round.push({ role: 'assistant', content: answer })
    left -= costOf(round)
    if (left < 0) break
    kept.unshift(round)
  }
  return kept.flat()
}

function costOf(messages: BranchMessage[]): number {
  return messages.reduce((cost, { content }) => cost + estimateMessage(content), 0)
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
