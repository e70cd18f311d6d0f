/**
 * PostgreSQL's text form of an array: `{1,NULL,"a \\"b\\"",{…}}`. Here because postgres.js reads NULL in it as a
 * word, and asks the server for the types of arrays in a query whose failure nobody can catch.
 */
export function parseArray<T>(text: string, parseItem: (item: string) => T): NestedArray<T> {
  let at = text.indexOf('{') + 1
  return list()

  function list(): NestedArray<T> {
    const items: NestedArray<T> = []
    while (text[at] !== '}') {
      if (at >= text.length) throw new Error('Not the text of an array')
      if (text[at] === ',') at++
      items.push(item())
    }
    at++
    return items
  }

  function item(): T | null | NestedArray<T> {
    if (text[at] === '{') {
      at++
      return list()
    }
    if (text[at] === '"') return parseItem(quoted())
    const start = at
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at++
    const word = text.slice(start, at)
    return word === 'NULL' ? null : parseItem(word)
  }

  function quoted(): string {
    let content = ''
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length) throw new Error('Not the text of an array')
      if (text[at] === '\\') at++
      content += text[at]
    }
    at++
    return content
  }
}

export type NestedArray<T> = (T | null | NestedArray<T>)[]

/** The text for an array parameter; one that is text already is left alone. */
export function formatArray(value: unknown): unknown {
  return Array.isArray(value) ? `{${value.map(formatItem).join(',')}}` : value
}

function formatItem(item: unknown): string {
  if (item === null || item === undefined) return 'NULL'
  if (Array.isArray(item)) return formatArray(item) as string
  if (item instanceof Date) return quote(item.toISOString())
  return quote(typeof item === 'object' ? JSON.stringify(item) : String(item))
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
