/**
 * Enter, as what sends a question. Not while an input method is composing, where it chooses a word (229: Safari reports
 * it after the fact), and not on a phone: there is no Shift to hold, and it begins a line.
 */
export function isSendingKey(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && !isTouched
}

const isTouched = matchMedia('(hover: none) and (pointer: coarse)').matches
