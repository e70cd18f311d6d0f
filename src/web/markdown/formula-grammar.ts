import type { TokenizerExtension } from 'marked'

/** A formula in TeX: `$…$`, `$$…$$`, `\(…\)` or `\[…\]`. */
export interface Formula {
  type: 'formula'
  raw: string
  tex: string
  /** On a line of its own, large. */
  isDisplay: boolean
  /** Its end is not there (yet). */
  isOpen: boolean
}

/** For marked. */
export const formulas: TokenizerExtension[] = [
  {
    name: 'block-formula',
    level: 'block',
    start: (src) => indexOf(/\n {0,3}(?:\$\$|\\\[)/, src),
    tokenizer: blockFormula,
  },
  {
    name: 'formula',
    level: 'inline',
    start: (src) => indexOf(/\$|\\[([]/, src),
    tokenizer: inlineFormula,
  },
]

/** For marked: what stands in a formula begins and ends no emphasis (`$x^*$`). Keeps the length. */
export function maskFormulas(src: string): string {
  return src.replace(/\$(?![\s$])(?:\\[^\n]|[^\\$\n])+?(?<!\s)\$(?![\d$])/g, (formula) =>
    'a'.repeat(formula.length),
  )
}

// TeX has no empty line inside a formula; without that rule, and some greatest length, a forgotten end would swallow
// the whole answer.
const anything = '(?:[^\\n]|\\n(?![ \\t]*\\n))'
const block = new RegExp(
  `^ {0,3}(?:\\$\\$((?:(?!\\$\\$)${anything}){1,3000}?)\\$\\$|\\\\\\[((?:(?!\\\\\\])${anything}){1,3000}?)\\\\\\])[ \\t]*(?:\\n|$)`,
)
const openBlock = new RegExp(
  `^ {0,3}(?:\\$\\$((?:(?!\\$\\$)${anything}){0,3000})|\\\\\\[((?:(?!\\\\\\])${anything}){0,3000}))$`,
)

function blockFormula(src: string): Formula | undefined {
  const first = src.trimStart()[0]
  if (first !== '$' && first !== '\\') return
  const closed = block.exec(src)
  if (closed) return toFormula(closed, { isDisplay: true, isOpen: false })
  const open = openBlock.exec(src)
  if (open) return toFormula(open, { isDisplay: true, isOpen: true })
}

const display = new RegExp(
  `^(?:\\$\\$((?:(?!\\$\\$)${anything}){1,3000}?)\\$\\$|\\\\\\[((?:(?!\\\\\\])${anything}){1,3000}?)\\\\\\])`,
)
const inline = new RegExp(
  // Prices are none: `$5 and $10`, `$5/$10`; nor are variables of a shell: `$HOME/$USER`.
  `^(?:\\$(?![\\s$])((?:\\\\[^\\n]|[^\\\\$\\n])*?)(?<!\\s)\\$(?![\\d$])|\\\\\\(((?:(?!\\\\\\))${anything}){1,3000}?)\\\\\\))`,
)

function inlineFormula(src: string, before: { raw: string }[]): Formula | undefined {
  if (src[0] !== '$' && src[0] !== '\\') return
  const large = display.exec(src)
  if (large) return toFormula(large, { isDisplay: true, isOpen: false })
  const small = inline.exec(src)
  if (!small) return
  if (src[0] === '$' && isMoney(small, src, before.at(-1)?.raw.at(-1) ?? '')) return
  return toFormula(small, { isDisplay: false, isOpen: false })
}

function isMoney([raw, tex = '']: RegExpExecArray, src: string, previous: string): boolean {
  if (/[A-Za-z0-9$]/.test(previous)) return true
  return /[A-Za-z]/.test(src[raw.length] ?? '') && !/[\w})]$/.test(tex)
}

function toFormula(
  [raw, dollars, brackets]: RegExpExecArray,
  kind: Pick<Formula, 'isDisplay' | 'isOpen'>,
): Formula {
  return { type: 'formula', raw, tex: (dollars ?? brackets ?? '').trim(), ...kind }
}

function indexOf(pattern: RegExp, src: string): number | undefined {
  const index = src.search(pattern)
  return index === -1 ? undefined : index
}
