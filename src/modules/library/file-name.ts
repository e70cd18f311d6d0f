const maxChars = 80

/** What a file may be called on every system, from a title that may hold anything. Without its ending. */
export function toFileName(title: string | null): string {
  const fit = (title ?? '')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
  const short = [...fit].slice(0, maxChars).join('').trim()
  if (short === '') return 'conversation'
  return reserved.test(short) ? `_${short}` : short
}

// Devices, to Windows, whatever ending they have.
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** The names that are given out in one archive: no two alike, not even where capitals do not count. */
export function createNames(): (name: string) => string {
  const taken = new Map<string, number>()
  return function unique(name: string): string {
    const key = name.normalize('NFC').toLowerCase()
    const count = (taken.get(key) ?? 0) + 1
    taken.set(key, count)
    return count === 1 ? name : unique(`${name} (${count})`)
  }
}
