import type { Deps } from '../../deps.ts'
import type { Model } from '../models/find-model.ts'
import type { AsideUsage } from '../usage/ledger-row.ts'
import { askAside } from './ask-aside.ts'
import { beginningThatFits } from './cut-text.ts'
import type { SummaryStep } from './plan-summary.ts'
import { type ModelWindow, roomFor } from './rounds.ts'
import { frameTokens, summaryRequest } from './summary-request.ts'
import { withoutReasoning } from './without-reasoning.ts'

export interface SummaryLimits {
  /** Of the text, in tokens of our rule. */
  longest: number
  /** Of the whole answer, thoughts included, in tokens of the model. */
  maxTokens: number
  /** Of what is summarised at once, in tokens of our rule. */
  stepTokens: number
}

/** Of the model's window. */
const longestShare = 0.1
const longestTokens = 1500
/** For a model that thinks a little first; the others stop much sooner. */
const thoughtTokens = 2048
const answerShare = 0.25
/** With less there is nothing to be gained. */
const leastStepTokens = 100

/** How long a summary may be for this model, and how much it can read for one; null: too little. */
export function summaryLimits(model: ModelWindow['model'], factor: number): SummaryLimits | null {
  const longest = Math.min(longestTokens, (model.contextWindow * longestShare) / factor)
  const wanted = Math.ceil(longest * factor * 1.5) + thoughtTokens
  const maxTokens = Math.floor(Math.min(wanted, model.maxOutputTokens, model.contextWindow * answerShare))
  const stepTokens = roomFor({ model, factor, maxTokens }) - longest - frameTokens
  return stepTokens < leastStepTokens ? null : { longest, maxTokens, stepTokens }
}

export interface SummaryTask {
  model: Model
  limits: SummaryLimits
  /** What stands for all that was said before these messages; null: nothing does. */
  base: string | null
  messages: SummaryStep['messages']
  signal: AbortSignal
}

/**
 * Has the model summarise some rounds, and what was known before them, in the language that is spoken there. `text`:
 * null where it has given none; what it has cost is told all the same. Throws what the model throws before its first
 * word.
 */
export async function makeSummary(
  deps: Pick<Deps, 'llm' | 'tokenFactors'>,
  { model, limits, base, messages, signal }: SummaryTask,
): Promise<{ text: string | null; usage: AsideUsage }> {
  const { longest, maxTokens, stepTokens } = limits
  const prompt = { messages: summaryRequest({ base, messages, longest, stepTokens }), maxTokens }
  const longestAnswer = longestTokens * 20
  const { text, finishReason, usage } = await askAside(deps, { prompt, model, signal, longestAnswer })
  const isWhole = finishReason !== null && finishReason !== 'content_filter'
  const summary = isWhole ? beginningThatFits(plain(text), longest) : ''
  return { text: summary === '' ? null : summary, usage }
}

/** Neither the model's thoughts nor tags of ours, nor what the database cannot keep. */
function plain(answer: string): string {
  return withoutReasoning(answer)
    .replaceAll(/<\/?(summary|conversation)\b[^<>\n]{0,40}>/gi, '')
    .replaceAll('\0', '')
    .toWellFormed()
    .trim()
}
