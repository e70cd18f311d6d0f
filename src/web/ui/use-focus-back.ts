import { useState } from 'preact/hooks'

/**
 * For a field that stands in another's place for a while: gives the focus back to what had it before or, where that
 * was drawn anew meanwhile, to what `find` finds. Without it the keyboard would begin at the top of the page again.
 */
export function useFocusBack(find: () => HTMLElement | null | undefined): () => void {
  const [before] = useState(() => document.activeElement)
  return () => {
    requestAnimationFrame(() => {
      const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected
      const target = isThere ? before : find()
      target?.focus()
    })
  }
}
