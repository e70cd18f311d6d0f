import type { Model } from '../models/find-model.ts'
import { estimateMessage } from './estimate-tokens.ts'

export interface BranchMessage {
  role: 'user' | 'assistant'
  content: string
  /** What stands for everything up to this message, itself included. */
  summary?: string | null
}

/** A question and its answer; '' where it failed before the first word. */
export interface Round {
  question: string
  answer: string
  /** What stands for everything up to its end; null: nothing does. */
  summary: string | null
  /** Where its last message stands in the branch. */
  endsAt: number
}

/** What answers nothing (its question was deleted) is left out: providers want a question first. */
export function roundsOf(branch: BranchMessage[]): Round[] {
  const rounds: Round[] = []
  for (const [at, { role, content, summary = null }] of branch.entries()) {
    const last = rounds.at(-1)
    if (role === 'user') rounds.push({ question: content, answer: '', summary, endsAt: at })
    else if (last !== undefined) {
      if (content.trim() !== '') last.answer += content
      // One of the question alone does not stand for this answer.
      last.summary = summary
      last.endsAt = at
    }
  }
  return rounds
}

/** From so far on the newest rounds fit into `room`, none left out between them. */
export function firstThatFits(rounds: Round[], room: number): number {
  let first = rounds.length
  for (let left = room; first > 0; first--) {
    left -= costOf(rounds.slice(first - 1, first))
    if (left < 0) break
  }
  return first
}

/** In tokens of our rule. */
export function costOf(rounds: Round[]): number {
  return costOfMessages(rounds.flatMap(messagesOf))
}

export function messagesOf({ question, answer }: Round): BranchMessage[] {
  const asked: BranchMessage = { role: 'user', content: question }
  return answer === '' ? [asked] : [asked, { role: 'assistant', content: answer }]
}

export function costOfMessages(messages: BranchMessage[]): number {
  return messages.reduce((cost, { content }) => cost + estimateMessage(content), 0)
}

export interface ModelWindow {
  model: Pick<Model, 'contextWindow' | 'maxOutputTokens'>
  /** Tokens of this model for each that we estimate. */
  factor: number
  /** Of the answer; null: nobody has said. */
  maxTokens: number | null
}

/** Our estimate may be off by this much of the window without the provider refusing the prompt. */
const slack = 0.15
/** Of the window, for an answer of which nobody has said how long it may be. */
const answerShare = 0.25
const largestAnswerShare = 0.5

/** For the prompt, in tokens of our rule. */
export function roomFor({ model, factor, maxTokens }: ModelWindow): number {
  const { contextWindow, maxOutputTokens } = model
  const wanted = maxTokens ?? Math.min(maxOutputTokens, contextWindow * answerShare)
  const forAnswer = Math.min(Math.max(wanted, contextWindow * slack), contextWindow * largestAnswerShare)
  return (contextWindow - forAnswer) / factor
}
