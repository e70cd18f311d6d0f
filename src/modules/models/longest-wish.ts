import type { ModelLimits } from '../../llm/model-limits.ts'

/** The longest answer that may be asked for: where the model's own limit is a guess, what its window holds. */
export function longestWish({ contextWindow, maxOutputTokens, isLengthGuessed }: ModelLimits): number {
  return isLengthGuessed ? contextWindow : maxOutputTokens
}
