import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { words } from '../texts/words.ts'
import { IconButton } from './button.tsx'
import { Toasts } from './toast.tsx'
import { useModal } from './use-modal.ts'

/**
 * Stands before everything else for as long as it is drawn. The platform keeps the focus inside and gives it back
 * afterwards. `onClose`: by Escape, the cross or a click beside it.
 */
export function Dialog(props: {
  title: string
  onClose: () => void
  children: ComponentChildren
  /** Below what scrolls. */
  footer?: ComponentChildren
  class?: string
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const modal = useModal(dialog)
  const id = useId()

  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ''}`.trim()}
      aria-labelledby={id}
      onCancel={(event) => {
        // Of this one, not of something inside.
        if (event.target !== dialog.current) return
        event.preventDefault()
        props.onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) props.onClose()
      }}
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id={id}>{props.title}</h2>
          <IconButton name={words.value.close} icon="close" onClick={props.onClose} />
        </header>
        <div class="dialog-body">{props.children}</div>
        {props.footer && <footer class="dialog-foot">{props.footer}</footer>}
      </div>
      <Toasts modal={modal} />
    </dialog>
  )
}
