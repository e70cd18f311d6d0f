export const isOther = 0
/** Of a word between spaces: Latin, Greek, Cyrillic, Arabic …, digits, and marks on them. */
export const isOfWord = 1
/** Of a script without spaces: Chinese, Japanese, Korean, Thai … */
export const isOfRun = 2

const run = `\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Bopo}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}`

/** For regular expressions with the flag `v`. */
export const wordCharacter = `[[\\p{L}\\p{N}\\p{M}]--[${run}]]`

let classes: Uint8Array | null = null

/** By UTF-16 unit. Halves of the rarer Chinese characters count as characters: two beside each other are a pair too. */
export function characterClasses(): Uint8Array {
  classes ??= classify()
  return classes
}

function classify(): Uint8Array {
  const ofWord = new RegExp(wordCharacter, 'v')
  const ofRun = new RegExp(`[[${run}]&&[\\p{L}\\p{N}\\p{M}]]`, 'v')
  return Uint8Array.from({ length: 0x10000 }, (_, unit) => {
    const character = String.fromCharCode(unit)
    if (ofRun.test(character) || isHalfOfHan(unit)) return isOfRun
    return ofWord.test(character) ? isOfWord : isOther
  })
}

/** Planes 2 and 3. The lower halves are anybody's: alone, one makes no pair that is asked for. */
function isHalfOfHan(unit: number): boolean {
  return unit >= 0xd840 && unit <= 0xd8bf
}
