import { estimateTokens } from './estimate-tokens.ts'

/** As much of the beginning as fits into so many tokens of our rule, and `…` where that is not all. */
export function beginningThatFits(text: string, tokens: number): string {
  const beginning = cut(text, tokens, (length) => text.slice(0, length).replace(/[\ud800-\udbff]$/, ''))
  return beginning === text ? text : `${beginning.trimEnd()}…`
}

/** As much of the end as fits. */
export function endThatFits(text: string, tokens: number): string {
  return cut(text, tokens, (length) => text.slice(text.length - length).replace(/^[\udc00-\udfff]/, ''))
}

/** Beginning and end, where not all of it fits. */
export function endsThatFit(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text
  return `${beginningThatFits(text, tokens * 0.6)}\n${endThatFits(text, tokens * 0.4)}`
}

/** Half a character is none. */
function cut(text: string, tokens: number, toLength: (length: number) => string): string {
  let part = text
  for (let cost = estimateTokens(part); part !== '' && cost > tokens; cost = estimateTokens(part)) {
    const share = Math.min(0.9, Math.max(0, tokens) / cost)
    part = toLength(Math.floor(part.length * share))
  }
  return part
}
