import { type Links, Marked, Tokenizer, type Tokens } from 'marked'
import { cjkFriendly } from './cjk-emphasis.ts'
import { type Formula, formulas, maskFormulas } from './formula-grammar.ts'

type Parent<Token extends { tokens: unknown }> = Omit<Token, 'tokens'> & { tokens: InlineToken[] }

/** What our own grammar makes of a text inside a block. */
export type InlineToken =
  | Tokens.Br
  | Tokens.Codespan
  | Tokens.Escape
  | Tokens.Tag
  | Formula
  | Tokens.Checkbox
  | (Omit<Tokens.Text, 'tokens'> & { tokens?: InlineToken[] })
  | Parent<Tokens.Del>
  | Parent<Tokens.Em>
  | Parent<Tokens.Image>
  | Parent<Tokens.Link>
  | Parent<Tokens.Strong>

export interface ListItem extends Omit<Tokens.ListItem, 'tokens'> {
  tokens: BlockToken[]
}
export interface List extends Omit<Tokens.List, 'items'> {
  items: ListItem[]
}
export interface Quote extends Omit<Tokens.Blockquote, 'tokens'> {
  tokens: BlockToken[]
}
type TableCell = Omit<Tokens.TableCell, 'tokens'> & { tokens: InlineToken[] }
export interface Table extends Omit<Tokens.Table, 'header' | 'rows'> {
  header: TableCell[]
  rows: TableCell[][]
}

export type BlockToken =
  | Tokens.Code
  | Tokens.Def
  | Tokens.Hr
  | Tokens.HTML
  | Tokens.Space
  | Formula
  | List
  | Quote
  | Table
  | Tokens.Checkbox
  | (Omit<Tokens.Text, 'tokens'> & { tokens?: InlineToken[] })
  | Parent<Tokens.Heading>
  | Parent<Tokens.Paragraph>

export type { Formula, Links }

const marked = new Marked({
  gfm: true,
  // In a chat a line break is meant as one.
  breaks: true,
  extensions: formulas,
  hooks: { emStrongMask: maskFormulas },
  tokenizer: {
    // Chinese has no space after an address.
    url(src) {
      const end = /^(?:https?:|www\.)/i.test(src) ? src.search(cjkMark) : -1
      return end === -1 ? false : Tokenizer.prototype.url.call(this, src.slice(0, end))
    },
  },
})

const cjkMark = /[\u3000-\u303f\uff00-\uff65\u2018\u2019\u201c\u201d…—]/

export interface Lexed {
  tokens: BlockToken[]
  /** The addresses that the text names with `[label]: address`, and those known before. */
  links: Links
}

/** The top-level blocks of a text without `\r`. */
export function lex(text: string, known: Links): Lexed {
  const lexer = new marked.Lexer(marked.defaults)
  cjkFriendly(marked.defaults)
  Object.assign(lexer.tokens.links, known)
  const { links } = lexer.tokens
  // The types of marked allow for any extension; ours are all in BlockToken.
  return { tokens: lexer.lex(text) as unknown as BlockToken[], links }
}
