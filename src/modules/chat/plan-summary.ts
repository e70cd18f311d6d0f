import type { BranchMessage } from '../conversations/read-branch.ts'
import { estimatePrompt } from './estimate-tokens.ts'
import {
  costOf,
  costOfMessages,
  firstThatFits,
  type ModelWindow,
  messagesOf,
  type Round,
  roomFor,
  roundsOf,
} from './rounds.ts'
import { summaryMessage } from './summary-message.ts'
import { markTokens } from './summary-request.ts'

export interface SummaryPlanWish extends ModelWindow {
  systemPrompt: string | null
  /** Oldest first, as far as it was read. A question at its end is to be answered: it is never summarised. */
  branch: BranchMessage[]
  /** Of what comes after the branch, in tokens of our rule. */
  questionTokens: number
  /** Whatever is there already, and also where everything fits. */
  isAnew: boolean
}

/** What is to be summarised, in as many steps as the model's window needs. */
export interface SummaryPlan {
  /** What stands for all that comes before the first step; null: nothing does. */
  base: { text: string; messageCount: number } | null
  steps: SummaryStep[]
}

export interface SummaryStep {
  messages: Pick<BranchMessage, 'role' | 'content'>[]
  throughMessageId: string
  /** From the end of the step before, those that say nothing included. */
  messageCount: number
}

/** Of the room: where more is taken the next question may find none. */
export const nearlyFull = 0.8
/** Of the room, for the newest rounds: they are not summarised, and it takes a while until the next summary. */
const keptShare = 0.5
/** For one newest round that is longer. */
const longRoundShare = 0.75
/** Steps at once; what is older than the last of so many, and in no summary yet, is left out. */
const mostSteps = 4

/**
 * The oldest rounds, those that are kept excluded, from the newest summary that stands for some of them on. null: there
 * is enough room without. `stepTokens`: so much is summarised in one step, in tokens of our rule.
 */
export function planSummary(wish: SummaryPlanWish, stepTokens: number): SummaryPlan | null {
  const { branch, isAnew } = wish
  const rounds = roundsOf(branch)
  const question = branch.at(-1)?.role === 'user' ? rounds.splice(-1) : []
  const room = roomBeside(wish) - costOf(question)
  const newest = rounds.findLastIndex(({ summary }) => summary !== null)
  if (!isAnew && needed(rounds, newest) <= room * nearlyFull) return null
  const end = Math.max(firstKept(rounds, room), isAnew ? newest + 1 : 0)
  const begin = isAnew ? 0 : newest + 1
  if (begin >= end) return null
  const steps = stepsOf(rounds.slice(begin, end), stepTokens).slice(-mostSteps)
  const first = end - steps.flat().length
  return { base: baseOf(branch, rounds.slice(0, first)), steps: toSteps(branch, rounds, first, steps) }
}

/** For what was said before, in tokens of our rule. */
function roomBeside({ systemPrompt, questionTokens, ...window }: SummaryPlanWish): number {
  return roomFor(window) - estimatePrompt(systemPrompt ? [{ content: systemPrompt }] : []) - questionTokens
}

/** `newest`: of the rounds that have a summary; -1: none has. */
function needed(rounds: Round[], newest: number): number {
  const summary = rounds[newest]?.summary ?? null
  const standsFor = summary === null ? 0 : costOfMessages([summaryMessage(summary)])
  return standsFor + costOf(rounds.slice(newest + 1))
}

function firstKept(rounds: Round[], room: number): number {
  const first = firstThatFits(rounds, room * keptShare)
  const isLong = first === rounds.length && costOf(rounds.slice(-1)) <= room * longRoundShare
  return isLong ? Math.max(0, first - 1) : first
}

/** Whole rounds; one that is larger than a step is a step of its own. */
function stepsOf(rounds: Round[], stepTokens: number): Round[][] {
  const steps: Round[][] = []
  let room = 0
  for (const round of rounds) {
    const cost = costOf([round]) + messagesOf(round).length * markTokens
    room -= cost
    if (room >= 0) steps.at(-1)?.push(round)
    else {
      steps.push([round])
      room = stepTokens - cost
    }
  }
  return steps
}

function baseOf(branch: BranchMessage[], before: Round[]): SummaryPlan['base'] {
  const round = before.findLast(({ summary }) => summary !== null)
  const { summary = null, summarised = null } = (round && branch[round.endsAt]) ?? {}
  return summary === null ? null : { text: summary, messageCount: summarised ?? 0 }
}

function toSteps(branch: BranchMessage[], rounds: Round[], first: number, steps: Round[][]): SummaryStep[] {
  let begin = (rounds[first - 1]?.endsAt ?? -1) + 1
  return steps.map((step) => {
    const end = (step.at(-1)?.endsAt ?? begin) + 1
    const messages = branch.slice(begin, end)
    begin = end
    return {
      messages: messages.filter(({ content }) => content.trim() !== ''),
      throughMessageId: messages.at(-1)?.id ?? '',
      messageCount: messages.length,
    }
  })
}
