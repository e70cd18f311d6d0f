import { signal } from '@preact/signals'

/** The operation in the address (`#createTag`). */
export const opened = signal(location.hash.slice(1))

addEventListener('hashchange', () => {
  opened.value = location.hash.slice(1)
})
