/**
 * The end of a text that is still being written, such that what is there of it looks as it will: what was opened is
 * closed, and what cannot be known yet is left away.
 */
export function completeTail(tail: string): string {
  if (hasOpenFence(tail)) return tail.replace(/\n[ \t>]*(?:`+|~+)$/, '\n')
  const text = withoutUndecided(tail)
  const row = /(?:^|\n)(\|[^\n]*)\n?$/.exec(text)
  if (row && isFirstRow(text)) return completeTable(text, row[1] ?? '')
  const start = lastRun(text)
  return text.slice(0, start) + completeRun(text.slice(start))
}

/** Whether a code block is open at the end. */
function hasOpenFence(tail: string): boolean {
  let open: string | null = null
  if (!tail.includes('```') && !tail.includes('~~~')) return false
  for (const [, marks = '', rest = ''] of tail.matchAll(
    /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/gm,
  )) {
    if (open === null) {
      if (marks[0] !== '`' || !rest.includes('`')) open = marks
    } else if (marks[0] === open[0] && marks.length >= open.length && rest.trim() === '') open = null
  }
  return open !== null
}

/** A last line of which one cannot tell what it begins: `-` may be an item, a rule, or make a heading of what is above. */
function withoutUndecided(tail: string): string {
  const lineStart = tail.lastIndexOf('\n') + 1
  const line = tail.slice(lineStart)
  const isUndecided = /^[ \t]*[-+*=_#>`~|$:\\[(!][-+*=_#>`~|$:\\[(! \t]*$/.test(line)
  // A digit most often begins the next item of a list, but an answer may be `42`.
  if (isUndecided || (lineStart > 0 && /^[ \t]*\d{1,9}[.)]?$/.test(line))) return tail.slice(0, lineStart)
  return tail.slice(0, lineStart) + line.replace(/\\$|<\/?[a-zA-Z]{0,12}$|<!-[^>]*$/, '')
}

/** A table begins with its first row; the second, which makes it one, is not there. */
function isFirstRow(text: string): boolean {
  const lines = text
    .slice(text.trimEnd().lastIndexOf('\n\n') + 1)
    .trim()
    .split('\n')
  return lines.findIndex((line) => line.startsWith('|')) === lines.length - 1
}

function completeTable(text: string, row: string): string {
  const cells = row.replace(/^\||\|[ \t]*$/g, '').split(/(?<!\\)\|/).length
  return `${text.trimEnd()}\n|${'---|'.repeat(cells)}`
}

/** Where the last text inside a block begins: emphasis and links end with it. */
function lastRun(text: string): number {
  const paragraph = text.lastIndexOf('\n\n') + 1
  const block = text.slice(paragraph)
  const lineStart = block.lastIndexOf('\n') + 1
  const line = block.slice(lineStart)
  if (line.startsWith('|')) return paragraph + lineStart + line.lastIndexOf('|') + 1
  const marks = [...block.matchAll(/^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|#{1,6}[ \t]+|>[ \t]*)+/gm)].at(-1)
  return paragraph + (marks ? marks.index + marks[0].length : 0)
}

interface Opened {
  mark: string
  at: number
}

/** Closes emphasis, code and links that the last text inside a block has opened. */
function completeRun(run: string): string {
  const open: Opened[] = []
  let at = 0
  while (at < run.length) {
    const found = nextMark(run, at)
    if (!found) break
    const { mark, index } = found
    at = index + mark.length
    if (mark in formulaEnds) {
      const end = run.indexOf(formulaEnds[mark] ?? '', at)
      if (end === -1) return withOpenFormula(run, index, open)
      at = end + 2
      continue
    }
    if (mark[0] === '\\') continue
    if (mark[0] === '`') {
      const end = codeEnd(run, at, mark)
      if (end === -1) return closed(run, mark, at, open)
      at = end
    } else if (mark === '](') {
      const end = addressEnd(run, at)
      // Its text is shown at once; where it leads, when that is known.
      if (end === -1) return close(`${run.slice(0, at)}#)`, open)
      at = end
    } else if (mark === '$') {
      const end = run.indexOf('$', at)
      if (end > at && !/\s/.test(run.slice(at, end)[0] ?? ' ')) at = end + 1
    } else toggle(open, mark, index, run)
  }
  return close(run, open)
}

const formulaEnds: Record<string, string> = { $$: '$$', '\\(': '\\)', '\\[': '\\]' }

/** Its source is shown until it can be drawn; stars and underscores in it mean nothing. */
function withOpenFormula(run: string, index: number, open: Opened[]): string {
  const source = run.slice(index).trimEnd()
  if (index === 0 || run[index - 1] === '\n' || source.includes('`')) return run
  return close(`${run.slice(0, index)}\`${source}\``, open)
}

function nextMark(run: string, from: number): { mark: string; index: number } | null {
  const pattern = /\\[^\n]|`+|\]\(|\*{1,3}|__?|~~|\$\$?/g
  pattern.lastIndex = from
  const found = pattern.exec(run)
  return found && { mark: found[0], index: found.index }
}

function codeEnd(run: string, from: number, mark: string): number {
  for (const { 0: marks, index } of run.slice(from).matchAll(/`+/g)) {
    if (marks === mark) return from + index + marks.length
  }
  return -1
}

function closed(run: string, mark: string, at: number, open: Opened[]): string {
  if (run.slice(at).trim() === '') return close(run.slice(0, at - mark.length), open)
  // A part of its end is there.
  const rest = run.replace(/`+$/, '')
  return close(rest.length > at ? rest + mark : run.slice(0, at - mark.length), open)
}

function addressEnd(run: string, from: number): number {
  let depth = 1
  for (let at = from; at < run.length; at++) {
    if (run[at] === '\\') at++
    else if (run[at] === '(') depth++
    else if (run[at] === ')' && --depth === 0) return at + 1
  }
  return -1
}

function toggle(open: Opened[], mark: string, index: number, run: string): void {
  const before = run[index - 1] ?? ' '
  const after = run[index + mark.length] ?? ' '
  if (mark[0] === '_' && /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after)) return
  const last = open.at(-1)
  if (last?.mark === mark && !/\s/.test(before)) {
    open.pop()
    return
  }
  // A part of the end that closes it.
  if (last !== undefined && index + mark.length === run.length && last.mark.startsWith(mark)) return
  // A single star between two letters is a product more often than a beginning.
  if (mark === '*' && /[\p{L}\p{N})]/u.test(before)) return
  if (!/\s/.test(after)) open.push({ mark, at: index })
}

function close(run: string, open: Opened[]): string {
  let text = run
  // Marks at the very end have nothing to mark, or are a part of an end.
  const dangling = /(?<!\\)(?:\*{1,3}|_{1,2}|~{1,2})$/.exec(text)
  if (dangling && !isEnd(text, dangling[0], open)) text = text.slice(0, dangling.index)
  if (open.length === 0) return text
  const trimmed = text.trimEnd()
  const ends = open
    .filter(({ at, mark }) => at + mark.length < trimmed.length)
    .map(({ mark }) => mark)
    .reverse()
    .join('')
  return trimmed + ends
}

function isEnd(text: string, mark: string, open: Opened[]): boolean {
  return (
    !open.some(({ mark: begun }) => begun.startsWith(mark)) &&
    new RegExp(`\\S${mark.replace(/\*/g, '\\*')}$`).test(text)
  )
}
