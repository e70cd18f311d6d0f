import { useEffect, useRef } from 'preact/hooks'
import { libraryTexts } from '../texts/library.ts'
import { Toasts } from '../ui/toast.tsx'
import { useModal } from '../ui/use-modal.ts'
import { isNarrow } from '../window-size.ts'
import { Sidebar } from './sidebar.tsx'
import { isDrawerOpen, isSidebarShown } from './sidebar-state.ts'

/** The sidebar beside the page or, where there is no room, before it. */
export function SideColumn() {
  const { value: narrow } = isNarrow
  useEffect(() => {
    isDrawerOpen.value = false
  }, [narrow])
  if (narrow) return isDrawerOpen.value ? <Drawer /> : null
  if (!isSidebarShown.value) return null
  return (
    <aside class="sidebar" aria-label={libraryTexts.value.conversations}>
      <Sidebar />
    </aside>
  )
}

function Drawer() {
  const drawer = useRef<HTMLDialogElement>(null)
  const modal = useModal(drawer)
  const close = () => {
    isDrawerOpen.value = false
  }
  return (
    <dialog
      ref={drawer}
      class="drawer"
      aria-label={libraryTexts.value.conversations}
      onCancel={(event) => {
        if (event.target !== drawer.current) return
        event.preventDefault()
        close()
      }}
      onMouseDown={(event) => {
        if (event.target === drawer.current) close()
      }}
    >
      <div class="sidebar">
        <Sidebar />
      </div>
      <Toasts modal={modal} />
    </dialog>
  )
}
