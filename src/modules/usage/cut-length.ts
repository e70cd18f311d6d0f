/** Our count is not the model's, which knows how much it may say: only one that does not keep to it is cut. */
const tolerance = 1.25

/** After how many tokens of our own count an answer is cut for which so many are granted. */
export function cutLengthFor(grantedTokens: number): number {
  return Math.ceil(grantedTokens * tolerance)
}
