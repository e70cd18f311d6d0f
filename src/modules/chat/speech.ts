/** What a model says, on its way into the log: joined into fewer, larger pieces while it comes fast. */
export interface Speech {
  say(kind: 'delta' | 'reasoning', text: string): void
  /** Hands on what is held back. */
  flush(): void
}

/** Under load one piece at most in so many milliseconds; the first after a silence goes on at once. */
const pauseMs = 20

type Piece = { type: 'delta' | 'reasoning'; data: { text: string } }

/** `write` gets each piece. Neither a NUL nor half a character is in any: the database could not keep them. */
export function createSpeech(write: (piece: Piece) => void): Speech {
  let kind: Piece['type'] = 'delta'
  let held = ''
  /** The first half of a character that the provider has cut in two. */
  let half = ''
  let writtenAt = -Infinity
  let timer: Timer | null = null

  function say(nextKind: Piece['type'], text: string): void {
    if (nextKind !== kind) {
      flush()
      kind = nextKind
    }
    held += text
    if (timer !== null || held === '') return
    const waitMs = writtenAt + pauseMs - performance.now()
    if (waitMs <= 0) pass()
    else timer = setTimeout(pass, waitMs)
  }

  function flush(): void {
    pass()
    half = ''
  }

  function pass(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const text = whole(half + held)
    held = ''
    if (text === '') return
    writtenAt = performance.now()
    write({ type: kind, data: { text } })
  }

  /** Keeps the first half of a character for the next piece. */
  function whole(text: string): string {
    const isCut = /[\ud800-\udbff]$/.test(text)
    half = isCut ? text.slice(-1) : ''
    const rest = isCut ? text.slice(0, -1) : text
    return (rest.includes('\0') ? rest.replaceAll('\0', '') : rest).toWellFormed()
  }

  return { say, flush }
}
