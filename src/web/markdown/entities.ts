const known = new Map<string, string>()
let reader: HTMLTextAreaElement | null = null

/** `&copy;` → `©`. What is no entity of HTML stays. */
export function decodeEntities(text: string): string {
  return text.includes('&')
    ? text.replace(/&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][\da-fA-F]{1,6});/g, decode)
    : text
}

/** The browser knows them all; what it is given here is one entity and nothing else. */
function decode(entity: string): string {
  const before = known.get(entity)
  if (before !== undefined) return before
  reader ??= document.createElement('textarea')
  reader.innerHTML = entity
  const { value } = reader
  if (known.size < 500) known.set(entity, value)
  return value
}
