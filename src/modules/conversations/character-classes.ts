export const isOther = 0
/** Of a word between spaces: Latin, Greek, Cyrillic, Arabic …, digits, and marks on them. */
export const isOfWord = 1
/** Of a script without spaces: Chinese, Japanese, Korean, Thai … */
export const isOfRun = 2

const run = `\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Bopo}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}`

/** For regular expressions with the flag `v`. */
export const wordCharacter = `[[\\p{L}\\p{N}\\p{M}]--[${run}]]`

let classes: Uint8Array | null = null

/** By UTF-16 unit; the rarer Chinese characters, which have two, by the first. */
export function characterClasses(): Uint8Array {
  classes ??= classify()
  return classes
}

function classify(): Uint8Array {
  // All at once, and gaps for what is only half of a character: 65,536 questions take 80 ms.
  const units = Array.from({ length: 0x10000 }, (_, unit) => (unit >>> 11 === 0x1b ? 0x20 : unit))
  const characters = units.map((unit) => String.fromCharCode(unit)).join('')
  const classes = new Uint8Array(0x10000)
  mark(`${wordCharacter}+`, isOfWord)
  mark(`[[${run}]&&[\\p{L}\\p{N}\\p{M}]]+`, isOfRun)
  // The upper halves of what is in planes 2 and 3.
  classes.fill(isOfRun, 0xd840, 0xd8c0)
  return classes

  function mark(pattern: string, kind: number): void {
    for (const { 0: found, index } of characters.matchAll(new RegExp(pattern, 'gv'))) {
      classes.fill(kind, index, index + found.length)
    }
  }
}
