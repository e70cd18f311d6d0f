/** A text as it is compared: one form for each character, and no capitals. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

export interface FoldedText {
  folded: string
  /** Where in the original the character at this place of the folded one begins; also for its end. */
  originOf(at: number): number
}

/** The same, for whoever has to show the original again. */
export function foldWithOrigins(text: string): FoldedText {
  const folded = foldText(text)
  if (folded.length === text.length) return { folded, originOf: (at) => at }
  const origins: number[] = []
  let joined = ''
  for (const { 0: cluster, index } of text.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    joined += foldText(cluster)
    while (origins.length < joined.length) origins.push(index)
  }
  return { folded: joined, originOf: (at) => origins[at] ?? text.length }
}
