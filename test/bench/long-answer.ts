const tokens = 10_000

/** 10,000 tokens of four letters each, or of one Chinese character: the text again and again. */
export function tokensOf(text: string): string[] {
  const once = `${text}\n\n`.match(/\p{Script=Han}|\P{Script=Han}{1,4}/gsu) ?? []
  return Array.from({ length: tokens }, (_, at) => once[at % once.length] ?? '')
}
