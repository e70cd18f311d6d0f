import { signal } from '@preact/signals'
import { storage } from '../storage.ts'
import { isNarrow } from '../window-size.ts'

/** Where there is room for it. */
export const isSidebarShown = signal(storage.getItem('sidebar') !== 'hidden')

/** Where there is not. */
export const isDrawerOpen = signal(false)

export function toggleSidebar(): void {
  if (isNarrow.value) isDrawerOpen.value = !isDrawerOpen.value
  else {
    isSidebarShown.value = !isSidebarShown.value
    storage.setItem('sidebar', isSidebarShown.value ? 'shown' : 'hidden')
  }
}
