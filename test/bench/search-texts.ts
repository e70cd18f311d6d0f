/** Invented texts in which words are as unevenly frequent as in real ones, the same at every run. */
export interface Texts {
  /** Of so many English words or, as often, Chinese characters. */
  text(length: number): string
  title(): string
  /** A word of that rank: 0 is the most frequent. */
  english(rank: number): string
  chinese(rank: number): string
  below(limit: number): number
}

export const englishWords = 20_000
export const chineseWords = 5000

export function createTexts(seed: number): Texts {
  let state = seed
  const english = Array.from({ length: englishWords }, (_, rank) => inventWord(rank))
  const chinese = Array.from({ length: chineseWords }, (_, rank) => inventPair(rank))

  function text(length: number): string {
    return random() < 0.5 ? prose(length) : chineseProse(length)
  }

  function prose(length: number): string {
    const words = Array.from({ length }, () => english[rankBelow(englishWords)])
    return `${words.join(' ')}.`
  }

  function chineseProse(length: number): string {
    let text = ''
    while (text.length < length) text += `${chinese[rankBelow(chineseWords)]}${random() < 0.1 ? '，' : ''}`
    return `${text}。`
  }

  /** Zipf: each rank as often as its number is small. */
  function rankBelow(count: number): number {
    return Math.floor(count ** random()) - 1
  }

  function below(limit: number): number {
    return Math.floor(random() * limit)
  }

  /** Mulberry32. */
  function random(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  return {
    text,
    title: () => text(3),
    english: (rank) => english[rank] ?? '',
    chinese: (rank) => chinese[rank] ?? '',
    below,
  }
}

const syllables =
  'ba be co da di el fi ga ho in ka le mo nu or pa qui re su ta un vi wo xe yo ze st tr al en'.split(' ')

/** The frequent ones are short. */
function inventWord(rank: number): string {
  let word = ''
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / syllables.length)) {
    word += syllables[rest % syllables.length]
  }
  return word
}

/** Of 1,500 characters that are used in pairs again and again. */
function inventPair(rank: number): string {
  const first = 0x4e00 + ((rank * 7) % 1500)
  const second = 0x5e00 + ((rank * 13 + Math.floor(rank / 1500)) % 1500)
  return String.fromCharCode(first, second)
}
