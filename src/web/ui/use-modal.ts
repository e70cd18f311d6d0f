import { signal } from '@preact/signals'
import { useLayoutEffect, useState } from 'preact/hooks'
import { isNarrow } from '../window-size.ts'

const modals = signal<symbol[]>([])

/** Has the dialog stand before everything else, out of whose reach all else is, for as long as it is drawn. */
export function useModal(dialog: { current: HTMLDialogElement | null }): symbol {
  const [name] = useState(() => Symbol('modal'))
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    if (!isNarrow.peek()) focusFirstField(element)
    modals.value = [...modals.peek(), name]
    return () => {
      element?.close()
      modals.value = modals.peek().filter((one) => one !== name)
    }
  }, [])
  return name
}

/** Where one will write, not the cross that comes first; a phone would open its keyboard over the rest. */
function focusFirstField(element: HTMLDialogElement | null): void {
  if (element === null || element.querySelector('[autofocus]') !== null) return
  element.querySelector<HTMLElement>('.dialog-body :is(input, textarea, select):not([readonly])')?.focus()
}

/** The one before all others; null: the page itself can be reached. */
export function foremost(): symbol | null {
  return modals.value.at(-1) ?? null
}
