/** Where a value stands in a text. */
export interface Span {
  start: number
  end: number
}

const quote = 0x22
const backslash = 0x5c
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * The values of a JSON object by their names, so that some can be replaced and all else stays as it was written: no
 * number is rounded, and megabytes are not written anew. `text` is known to be an object. null: it says something
 * twice, and who reads it next may take the other of them.
 */
export function membersOf(text: string): Map<string, Span> | null {
  const members = new Map<string, Span>()
  let at = text.indexOf('{') + 1
  for (;;) {
    at = text.indexOf('"', at)
    if (at === -1) return members
    const endOfName = endOfString(text, at)
    const name = String(JSON.parse(text.slice(at, endOfName)))
    const start = skipSpace(text, text.indexOf(':', endOfName) + 1)
    const end = endOfValue(text, start)
    if (members.has(name)) return null
    members.set(name, { start, end })
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === closeBrace) return members
  }
}

/** The text with other values at these places, and with more members. */
export function withMembers(
  text: string,
  replaced: { at: Span; by: string }[],
  added: Record<string, unknown> = {},
): string {
  let result = ''
  let from = text.indexOf('{') + 1
  for (const [name, value] of Object.entries(added)) {
    result += `${JSON.stringify(name)}:${JSON.stringify(value)},`
  }
  for (const { at, by } of replaced.toSorted((a, b) => a.at.start - b.at.start)) {
    result += text.slice(from, at.start) + by
    from = at.end
  }
  return `{${result}${text.slice(from)}`
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === quote) return endOfString(text, start)
  if (first === openBrace || first === openBracket) return endOfNested(text, start)
  let end = start
  while (end < text.length && !/[\s,}]/.test(text.charAt(end))) end++
  return end
}

function endOfNested(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at) - 1
    else if (code === openBrace || code === openBracket) depth++
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return at + 1
  }
  return text.length
}

/** Behind the closing quotation mark of the string that begins there. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1
    while (text.charCodeAt(before) === backslash) before--
    if ((at - before) % 2 === 1) return at + 1
  }
  return text.length
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (/\s/.test(text.charAt(at))) at++
  return at
}
