const mostColumns = 1500
const mostLines = 20

/** It would fill the window by itself: what was pasted is seldom read again. */
export function isLongQuestion(text: string): boolean {
  if (text.split('\n').length > mostLines) return true
  // Chinese characters take the room of two letters.
  const wide = text.match(/[\u2e80-\uffef]/g)?.length ?? 0
  return text.length + wide > mostColumns
}
