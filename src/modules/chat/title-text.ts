import { withoutReasoning } from './without-reasoning.ts'

/** A title is at most so long, in words or in characters of scripts that put no spaces between their words. */
const maxWords = 8
const maxCharacters = 20
/** Whatever is in it: one word may be an address, one character a tower of accents. */
const maxLength = 80

/** Scripts whose characters are counted, not their words. */
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** What a model has answered made into a title: one plain line within the limits, or ''. */
export function titleFrom(answer: string): string {
  let title = lineWithTitle(withoutReasoning(answer))
  // One wraps the other, in any order: **Title: "…"**
  for (let before = ''; before !== title; ) {
    before = title
    title = withoutQuotes(withoutEnd(withoutMarkup(withoutLabel(title))))
  }
  return cut(title)
}

/** The beginning of a question as a title; never ''. */
export function titleFromQuestion(question: string): string {
  const line = plain(question.slice(0, 2000).replace(/```\w*/g, ' ')).trim()
  const text = withoutMarkup(line)
  return cut(withoutEnd(text)) || cut(text) || '…'
}

/** The first eight words or twenty characters, or so many of both that the shares make one; whole ones. */
function cut(text: string): string {
  let title = ''
  let room = 1
  for (const word of text.split(' ')) {
    for (const part of partsOf(title === '' ? word : ` ${word}`)) {
      room -= costOf(part)
      // A little more for what floating point lost.
      if (room < -1e-9 || (title !== '' && title.length + part.length > maxLength)) return withoutEnd(title)
      title += part.length > maxLength ? beginning(part) : part
    }
  }
  return title
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Each character of a spaceless script alone, everything else in runs; a space at the beginning belongs to the first. */
function partsOf(word: string): string[] {
  const parts: string[] = []
  let isRun = false
  for (const { segment } of graphemes.segment(word)) {
    const isCounted = spaceless.test(segment)
    if (parts.length > 0 && (parts.at(-1) === ' ' || (isRun && !isCounted)))
      parts[parts.length - 1] += segment
    else parts.push(segment)
    isRun = !isCounted
  }
  return parts
}

function costOf(part: string): number {
  if (spaceless.test(part)) return 1 / maxCharacters
  const isWord = part.startsWith(' ') || /[\p{L}\p{N}]/u.test(part)
  // Signs between characters count as such.
  return isWord ? 1 / maxWords : [...graphemes.segment(part)].length / maxCharacters
}

function beginning(part: string): string {
  let text = ''
  for (const { segment } of graphemes.segment(part)) {
    if (text.length + segment.length > maxLength) break
    text += segment
  }
  return text
}

/** The first line with words in it; after "Here is a title:" the next. */
function lineWithTitle(answer: string): string {
  const lines = answer
    .split(/[\n\r\u0085\u2028\u2029]/)
    .map((line) => plain(line).trim())
    .filter((line) => !/^(```|~~~)/.test(line) && /[\p{L}\p{N}\p{S}]/u.test(line))
  const [first = '', second = ''] = lines
  return /[:：]\s*[*_]*$/.test(first) && second !== '' ? second : first
}

/** On one line, without what cannot be seen but for what joins the parts of an emoji or a letter. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\ufffd', '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/(?![\u200c\u200d]|[\u{e0020}-\u{e007f}])\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
}

const label =
  /^(?:(?:the |chat |conversation |suggested |suggestion for a )*title|subject|topic|(?:对话|會話|会话|聊天|建议的?)?(?:标题|標題|题目|題目|主题|主題)|タイトル|題名|제목|titre|título|titel|titolo|заголовок|название)(?: is)?\s*[:：=]\s*/i

function withoutLabel(line: string): string {
  return line.replace(label, '').trim()
}

function withoutMarkup(line: string): string {
  return line
    .replace(/^(?:#{1,6} |[-*+>•] |\d{1,2}[.)] )\s*/, '')
    .replace(/!?\[([^\][]{1,200})\]\([^()\s]{0,300}\)/g, '$1')
    .replace(/\*\*|`/g, '')
    .replace(/^(__?|\*|~~)(?! )([^*_~]+)\1$/, '$2')
    .trim()
}

const pairs = [
  '""',
  "''",
  '“”',
  '‘’',
  '„“',
  '„”',
  '«»',
  '»«',
  '‹›',
  '「」',
  '『』',
  '《》',
  '〈〉',
  '＂＂',
  '【】',
  '[]',
  '()',
  '（）',
]
const quotes = ['"', '“', '”', '„', '«', '»', '「', '」', '『', '』', '《', '》']

/** Quotation marks around the whole, and one that has lost its other. */
function withoutQuotes(line: string): string {
  for (const [open, close] of pairs.map(([a = '', b = '']) => [a, b] as const)) {
    const inner = line.slice(1, -1)
    if (
      line.length > 2 &&
      line.startsWith(open) &&
      line.endsWith(close) &&
      !inner.includes(open) &&
      !inner.includes(close)
    ) {
      return inner.trim()
    }
  }
  const count = quotes.reduce((sum, quote) => sum + line.split(quote).length - 1, 0)
  if (count !== 1) return line
  const [first = '', last = ''] = [line[0], line.at(-1)]
  if (quotes.includes(first)) return line.slice(1).trim()
  return quotes.includes(last) ? line.slice(0, -1).trim() : line
}

/** Without the punctuation at the end of a sentence. */
function withoutEnd(line: string): string {
  return line.replace(/[\s.,;:!?…·~—–\-。，、；：！？．～]+$/u, '').replace(/^[\s,;:。，、；：！？]+/u, '')
}
