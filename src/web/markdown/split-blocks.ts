import { completeTail } from './complete-tail.ts'
import { type BlockToken, type Links, lex } from './lex.ts'
import { createOutline, type Outline } from './outline.ts'

/** A part of the text that stands for itself: a paragraph, a list, a table … */
export interface Block {
  /** Where it begins, so the same while the text grows. */
  start: number
  /** Drawn from this; the same `raw` with as many `links` looks the same. */
  token: BlockToken
  /** How many addresses the text has named (`[label]: address`). */
  links: number
}

export interface Splitter {
  /**
   * The blocks of a text that most often begins with the one before: what is certain of that is not read again.
   * `isGrowing`: what is not finished at its end is shown as if it were.
   */
  split(text: string, isGrowing: boolean): Block[]
}

/** For one text, as it grows. The blocks are in the end those of the whole text read at once. */
export function createSplitter(): Splitter {
  let settled = nothing()
  /** How far the last settling looked. */
  let seen = 0

  return {
    split(text, isGrowing) {
      const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
      if (!source.startsWith(settled.text)) restart()
      const lineEnd = source.lastIndexOf('\n') + 1
      if (isGrowing && lineEnd > seen) settle(source.slice(0, lineEnd))
      const tail = source.slice(settled.text.length)
      const end = lex(isGrowing ? completeTail(tail) : tail, settled.links)
      if (!isGrowing && !isSame(end.links, settled.links))
        return blocksOf(lex(source, {}), 0, createOutline())
      return [...settled.blocks, ...blocksOf(end, settled.text.length, settled.outline.copy())]
    },
  }

  function restart(): void {
    settled = nothing()
    seen = 0
  }

  /** `lines` has whole lines only: half a line says too little about what it begins. */
  function settle(lines: string): void {
    const from = settled.text.length
    let found = lex(lines.slice(from), settled.links)
    if (!isSame(found.links, settled.links)) {
      // An address was named; any block before may have been waiting for it.
      settled = nothing()
      found = lex(lines, {})
    }
    const { tokens, links } = found
    const count = countCertain(tokens)
    const raw = tokens
      .slice(0, count)
      .map((token) => token.raw)
      .join('')
    // What is cut off must be what the lexer has read.
    if (lines.startsWith(raw, settled.text.length)) {
      const blocks = blocksOf({ tokens: tokens.slice(0, count), links }, settled.text.length, settled.outline)
      settled = {
        text: lines.slice(0, settled.text.length + raw.length),
        blocks: [...settled.blocks, ...blocks],
        links,
        outline: settled.outline,
      }
    }
    seen = lines.length
  }
}

interface Settled {
  text: string
  blocks: Block[]
  links: Links
  outline: Outline
}

const nothing = (): Settled => ({ text: '', blocks: [], links: {}, outline: createOutline() })

/** The last block may go on, and the one before may turn out to be of one piece with it. */
function countCertain(tokens: BlockToken[]): number {
  let uncertain = 0
  for (let at = tokens.length - 1; at >= 0; at--) {
    if (tokens[at]?.type !== 'space') uncertain++
    if (uncertain === 2) return at
  }
  return 0
}

function blocksOf(
  { tokens, links }: { tokens: BlockToken[]; links: Links },
  from: number,
  outline: Outline,
): Block[] {
  const blocks: Block[] = []
  const count = Object.keys(links).length
  let start = from
  for (const token of tokens) {
    outline.number(token)
    if (token.type !== 'space' && token.type !== 'def') blocks.push({ start, token, links: count })
    start += token.raw.length
  }
  return blocks
}

function isSame(some: Links, others: Links): boolean {
  return Object.keys(some).length === Object.keys(others).length
}
