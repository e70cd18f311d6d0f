import { signal } from '@preact/signals'
import { isNarrow } from '../window-size.ts'

/** Where there is room for it. */
export const isSidebarShown = signal(localStorage.getItem('sidebar') !== 'hidden')

/** Where there is not. */
export const isDrawerOpen = signal(false)

export function toggleSidebar(): void {
  if (isNarrow.value) isDrawerOpen.value = !isDrawerOpen.value
  else {
    isSidebarShown.value = !isSidebarShown.value
    localStorage.setItem('sidebar', isSidebarShown.value ? 'shown' : 'hidden')
  }
}
