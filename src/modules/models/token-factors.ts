import type { Deps } from '../../deps.ts'

/** How many tokens a model counts for each that our rule estimates. */
export interface TokenFactor {
  factor: number
  answers: number
  /** Estimated tokens behind the factor, those of older answers counted less. */
  weight: number
  isSaved: boolean
}

type FactorDeps = Pick<Deps, 'tokenFactors'>

/** Whatever a provider reports, our rule is not further off than this. */
const bounds = { least: 0.3, most: 3 }
/** A long prompt tells more than a short one, of which much is the provider's own, but it does not decide alone. */
const mostWeight = 2000
/** Of the weight so far, at each answer: after some twenty an answer hardly counts. */
const keptWeight = 0.95

/** 1 as long as nothing has been learned about this model. */
export function factorOf({ tokenFactors }: FactorDeps, modelId: string): number {
  return tokenFactors.get(modelId)?.factor ?? 1
}

/** Learns from one prompt: by our rule alone (without the factor), and as the provider has counted it. */
export function learnFactor(
  { tokenFactors }: FactorDeps,
  modelId: string,
  estimatedTokens: number,
  reportedTokens: number,
): void {
  const ratio = reportedTokens / estimatedTokens
  if (!(estimatedTokens > 0 && reportedTokens > 0 && Number.isFinite(ratio))) return
  const before = tokenFactors.get(modelId) ?? { factor: 1, answers: 0, weight: 0 }
  const weight = Math.min(estimatedTokens, mostWeight)
  const keptBefore = before.weight * keptWeight
  const factor = (before.factor * keptBefore + bounded(ratio) * weight) / (keptBefore + weight)
  tokenFactors.set(modelId, {
    factor: bounded(factor),
    answers: before.answers + 1,
    weight: keptBefore + weight,
    isSaved: false,
  })
}

function bounded(factor: number): number {
  return Math.min(Math.max(factor, bounds.least), bounds.most)
}

/** Takes over what was learned before, or elsewhere: where it rests on more answers than what is known here. */
export function adoptFactor({ tokenFactors }: FactorDeps, row: StoredFactor): void {
  if (row.answers <= (tokenFactors.get(row.model)?.answers ?? 0)) return
  const weight = Math.min(row.answers, rememberedAnswers) * usualWeight
  tokenFactors.set(row.model, { factor: bounded(row.factor), answers: row.answers, weight, isSaved: true })
}

export interface StoredFactor {
  model: string
  factor: number
  answers: number
}

/** What a factor from the database weighs against answers to come. */
const rememberedAnswers = 10
const usualWeight = 500
