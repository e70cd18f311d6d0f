import { type ComponentChildren, Fragment, h } from 'preact'
import { decodeEntities } from './entities.ts'
import { FormulaView } from './formula.tsx'
import type { Formula, InlineToken } from './lex.ts'
import { Picture } from './picture.tsx'
import { safeAddress } from './safe-address.ts'
import { markdownTexts } from './texts.ts'

/** Text inside a block, with emphasis, links, code, formulas, and the HTML tags that mark up text. */
export function Inline({ tokens }: { tokens: InlineToken[] }) {
  const text: Element = { tag: Fragment, children: [] }
  const open = [text]
  let mark = ''
  for (const [at, token] of tokens.entries()) {
    const last = open.at(-1)?.children
    if (token.type === 'html') applyTag(token.text, open)
    else if (token.type === 'formula') {
      const next = tokens[at + 1]
      mark =
        next?.type === 'text' && token.tex.length < longFormula ? (endMark.exec(next.text)?.[0] ?? '') : ''
      last?.push(<Together formula={token} mark={mark} />)
    } else if (mark !== '' && token.type === 'text') {
      last?.push(<TokenView token={{ ...token, text: token.text.slice(mark.length) }} />)
      mark = ''
    } else last?.push(<TokenView token={token} />)
  }
  while (open.length > 1) closeLast(open)
  return h(Fragment, null, ...text.children)
}

const endMark = /^[，。；：！？、）】」』》”’…,.;:!?)\]}]/

/** One that is longer than half a line of a phone may need to be broken. */
const longFormula = 40

/** A formula is a box, and a line may begin after a box: but not with a comma. */
function Together({ formula, mark }: { formula: Formula; mark: string }) {
  return (
    <span class={mark === '' ? undefined : 'together'}>
      <FormulaView formula={formula} />
      {mark}
    </span>
  )
}

interface Element {
  tag: string | typeof Fragment
  children: ComponentChildren[]
}

const markup = new Set(
  'b strong i em u s del ins sub sup kbd mark small code q cite var samp abbr dfn ruby rt rp'.split(' '),
)
/** What they do would be style; what they hold is shown. */
const unmarked = new Set('a span font center div p big tt nobr label time data bdi bdo'.split(' '))

/** No attribute of theirs is kept. A tag that is none of these is shown as it was written. */
function applyTag(html: string, open: Element[]): void {
  if (html.startsWith('<!--')) return
  const children = open.at(-1)?.children
  const [, slash, word = ''] = /^<(\/?)([a-z][a-z0-9]*)\b/i.exec(html) ?? []
  const tag = word.toLowerCase()
  if (tag === 'br') children?.push(<br />)
  else if (tag === 'wbr') children?.push(<wbr />)
  else if (tag === 'img')
    children?.push(<Picture address={attribute(html, 'src')} name={attribute(html, 'alt')} />)
  else if (markup.has(tag) && !slash) open.push({ tag, children: [] })
  else if (markup.has(tag)) closeUpTo(tag, open)
  else if (!unmarked.has(tag)) children?.push(html)
}

function attribute(html: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(html)
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? ''
}

function closeUpTo(tag: string, open: Element[]): void {
  if (!open.some((element) => element.tag === tag)) return
  while (open.at(-1)?.tag !== tag) closeLast(open)
  closeLast(open)
}

function closeLast(open: Element[]): void {
  const element = open.pop()
  if (element) open.at(-1)?.children.push(h(element.tag, null, ...element.children))
}

function TokenView({ token }: { token: Exclude<InlineToken, { type: 'html' | 'formula' }> }) {
  switch (token.type) {
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : decodeEntities(token.text)
    case 'escape':
      return token.text
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      )
    case 'codespan':
      return <code>{token.text}</code>
    case 'br':
      return <br />
    case 'link':
      return (
        <Link
          href={token.autolink ? token.href : decodeEntities(token.href)}
          title={token.title ?? undefined}
        >
          <Inline tokens={token.tokens} />
        </Link>
      )
    case 'image':
      return <Picture address={decodeEntities(token.href)} name={decodeEntities(token.text)} />
    case 'checkbox':
      return <Checkbox isChecked={token.checked} />
  }
}

/** What leads to nowhere that we would send somebody is text. */
function Link({ href, title, children }: { href: string; title?: string; children: ComponentChildren }) {
  const address = safeAddress(href)
  if (address === null) return <>{children}</>
  return (
    <a href={address} title={title} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

/** Of a list of tasks. */
export function Checkbox({ isChecked }: { isChecked: boolean }) {
  const { taskDone, taskOpen } = markdownTexts.value
  return <input type="checkbox" disabled checked={isChecked} aria-label={isChecked ? taskDone : taskOpen} />
}
