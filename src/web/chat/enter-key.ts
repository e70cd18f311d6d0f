/** While an input method is composing, Enter chooses a word (229: Safari reports it after the fact). */
export function isPlainEnter(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229
}
