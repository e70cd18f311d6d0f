interface Anchor {
  /** How far from the top of the window it stood. */
  top: number
  key: string
}

let anchor: Anchor | null = null

/** Where one message is replaced by another, that one shall stand where it stood. */
export function keepInView(shownKey: string, nextKey: string): void {
  const element = elementOf(shownKey)
  if (element) anchor = { top: element.getBoundingClientRect().top, key: nextKey }
}

/** Called after drawing: true when what was to be kept in view is, now. */
export function restoreView(scroller: HTMLElement): boolean {
  if (anchor === null) return false
  const element = elementOf(anchor.key)
  if (!element) return false
  scroller.scrollTop += element.getBoundingClientRect().top - anchor.top
  anchor = null
  return true
}

export function elementOf(key: string): HTMLElement | null {
  return document.getElementById(`message-${key}`)
}
