/** The white space of Python's `str.strip`, which the front end's texts were always trimmed with. */
const white = new Set([
  ...range(0x09, 0x0d),
  ...range(0x1c, 0x20),
  0x85,
  0xa0,
  0x1680,
  ...range(0x2000, 0x200a),
  0x2028,
  0x2029,
  0x202f,
  0x205f,
  0x3000,
])

/** The text without white space around it. A regular expression would take quadratic time on hostile input. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && white.has(text.charCodeAt(start))) start++
  while (end > start && white.has(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
