import { signal } from '@preact/signals'

const narrow = matchMedia('(max-width: 48rem)')

/** The window has room for one thing at a time; the style sheets mean the same width. */
export const isNarrow = signal(narrow.matches)

narrow.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches
})
