import type { BlockToken } from './lex.ts'

/** Gives headings the level that they have on the page. */
export interface Outline {
  /** Changes the depth of the headings in a block, which comes after those before. */
  number(token: BlockToken): void
  copy(): Outline
}

/** An answer has a heading of this level itself. */
const above = 2

/**
 * The first heading of an answer is one level below the answer's own, whatever it calls itself, and none skips a
 * level: the page has one outline. Depends on what comes before only, so no heading changes while the text grows.
 */
export function createOutline(open: readonly number[] = []): Outline {
  let depths = [...open]

  function number(token: BlockToken): void {
    if (token.type === 'heading') {
      depths = [...depths.filter((depth) => depth < token.depth), token.depth]
      token.depth = Math.min(6, above + depths.length)
    } else if (token.type === 'list') {
      for (const item of token.items) for (const inner of item.tokens) number(inner)
    } else if (token.type === 'blockquote') for (const inner of token.tokens) number(inner)
  }

  return { number, copy: () => createOutline(depths) }
}
