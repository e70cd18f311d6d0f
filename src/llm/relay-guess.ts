import type { RelayPath } from './llm.ts'
import { textOfLines } from './relay-usage.ts'

interface GuessOptions {
  path: RelayPath
  estimate(text: string): number
}

/** About how much is in bytes of a stream that are held unread. */
export interface Guess {
  /** In so many bytes, of which `newest` gives the last: what was held at the last time, and what has come since. */
  tokensIn(heldBytes: number, newest: (length: number) => Buffer): number
  /** They were read: others are held from now on. */
  forget(): void
}

/** So much is read at once; of lines that are longer, some. */
const sampleBytes = [4 << 10, 256 << 10]
const lineFeed = 0x0a

/**
 * What is new since the last time is read where it is little. Where it is more, the newest of it tells how dense the
 * rest is: that costs the same however much has come.
 */
export function createGuess({ path, estimate }: GuessOptions): Guess {
  /** A response begins with all that was asked for, twice. */
  let hasBegun = path !== '/responses'
  let guessedBytes = 0
  let tokens = 0

  return {
    tokensIn(heldBytes, newest) {
      if (!hasBegun) findBeginning(newest(heldBytes))
      if (hasBegun) guessFurther(heldBytes - guessedBytes, newest)
      return tokens
    },
    forget() {
      hasBegun = true
      guessedBytes = 0
      tokens = 0
    },
  }

  function findBeginning(held: Buffer): void {
    const at = held.indexOf('.delta"')
    if (at === -1) return
    hasBegun = true
    guessedBytes = held.lastIndexOf(lineFeed, at) + 1
  }

  function guessFurther(freshBytes: number, newest: (length: number) => Buffer): void {
    for (const most of sampleBytes) {
      const sample = newest(Math.min(freshBytes, most))
      const from = freshBytes > most ? sample.indexOf(lineFeed) + 1 : 0
      const to = sample.lastIndexOf(lineFeed) + 1
      const lines = sample.toString('utf8', from, to)
      if (!lines.includes('data:')) continue
      const wholeBytes = freshBytes - (sample.length - to)
      tokens += (estimate(textOfLines(path, lines)) * wholeBytes) / (to - from)
      guessedBytes += wholeBytes
      return
    }
  }
}
